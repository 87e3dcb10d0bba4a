"""What an author writes is what a learner gets."""

from fractions import Fraction
from textwrap import dedent

import pytest

from tutorbot.core.course import (
    Choice,
    Course,
    Form,
    Hint,
    Kind,
    Mark,
    Partial,
    Pool,
    Question,
    Reveal,
    Typed,
)
from tutorbot.core.ids import QuestionId
from tutorbot.core.prose import (
    Bullets,
    Display,
    Formula,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
    words,
)
from tutorbot.courses.parse import parse
from tutorbot.courses.prose import plain

HEAD = "---\nid: course\ntitle: A course\n---\n"


def read(body: str, head: str = HEAD) -> Course:
    course = parse(head + dedent(body), "course.quiz.md")
    assert isinstance(course, Course), course
    return course


def only(body: str) -> Question:
    (question,) = read(body)
    return question


def choice(body: str) -> Choice:
    asked = only(body).body
    assert isinstance(asked, Choice)
    return asked


def typed(body: str) -> Typed:
    asked = only(body).body
    assert isinstance(asked, Typed)
    return asked


def asked(prose: str) -> Prose:
    return only(f"## Q {{#q}}\n\n{prose}\n\n- (x) a\n- ( ) b\n").prose


def test_the_front_matter_names_the_course():
    head = """---
id: rnn-1
title: "Recurrent networks: one"
lang: de
license: MIT
authors: [Ada, Grace]
---
"""
    course = read("About *it*.\n\n## Q {#q}\nAsk.\n- answer: `1`\n", head)
    assert (course.id, course.title, course.lang) == ("rnn-1", "Recurrent networks: one", "de")
    assert (course.license, course.authors) == ("MIT", ("Ada", "Grace"))
    assert plain(course.about) == "About it."


@pytest.mark.parametrize("written", ["no", "1.10", "2024-01-01", "null", "0x10"])
def test_a_title_that_yaml_would_turn_into_something_else_stays_as_written(written: str):
    head = f"---\nid: course\ntitle: {written}\n---\n"
    assert read("## Q {#q}\nAsk.\n- answer: `1`\n", head).title == written


def test_a_single_choice_with_ids_feedback_and_tags():
    body = r"""
        ## Clipping {#clip}

        Which one?

        - (x) Clip it {#yes}
          > Right, it keeps the *direction*.
        - ( ) Drop it {#no tag=drop.out}
          > That is against overfitting.
        - ( ) Size $n^2$ {#size}
          > [count.squared] It is not.
          >
          > $$n$$
    """
    body_read = choice(body)
    assert not body_read.several
    assert [(each.id, each.mark, each.tag) for each in body_read.options] == [
        ("yes", Mark.RIGHT, None),
        ("no", Mark.WRONG, "drop.out"),
        ("size", Mark.WRONG, "count.squared"),
    ]
    assert body_read.options[0].prose == (words("Clip it"),)
    assert body_read.options[2].prose == (Paragraph((Text("Size "), Formula("n^2"))),)
    assert body_read.options[2].feedback == (words("It is not."), Display("n"))


def test_several_right_options_and_one_that_is_not_scored():
    question = only(
        """
        ## Video {#video}

        Which are true?

        - [x] Thirty steps {#steps}
        - [ ] One block {#block}
        - [?] Thirty units {#units}
        - key: disputed, units
          > The key accepts this, and a reviewer calls it odd.
        """
    )
    assert isinstance(question.body, Choice)
    assert question.body.several
    assert [each.mark for each in question.body.options] == [Mark.RIGHT, Mark.WRONG, Mark.UNSCORED]
    assert question.dispute
    assert question.dispute.options == ("units",)
    assert plain(question.dispute.why) == "The key accepts this, and a reviewer calls it odd."


def test_an_option_can_be_a_formula_on_a_line_of_its_own():
    body = r"""
        ## Gates {#gates}

        Which pair?

        - ( ) $$a = \frac{b}{c}$$ $$d = e$$ {#one}
        - (x) {#two}

          $$a = b$$

          with these words
        - ( ) {#three}
          $$x$$
    """
    assert [each.prose for each in choice(body).options] == [
        (Display(r"a = \frac{b}{c}"), Display("d = e")),
        (Display("a = b"), words("with these words")),
        (Display("x"),),
    ]


def test_an_option_without_an_id_gets_one_from_its_words_wherever_it_stands():
    one = choice("## Q {#q}\nAsk.\n- (x) Gradient clipping\n- ( ) Dropout\n")
    other = choice("## Q {#q}\nAsk.\n- ( ) Dropout\n- (x) Gradient clipping\n")
    assert [each.id for each in one.options] == ["gradient-clipping", "dropout"]
    assert {each.id for each in one.options} == {each.id for each in other.options}


def test_options_are_shuffled_unless_the_author_says_otherwise():
    options = "Ask.\n- ( ) a\n- ( ) b\n- (x) All of these {#all}\n"
    assert choice(f"## Q {{#q}}\n{options}").shuffled
    assert not choice(f"## Q {{#q}}\n```meta\norder: fixed\n```\n{options}").shuffled
    pinned = choice(f"## Q {{#q}}\n```meta\npin: [all]\n```\n{options}")
    assert [each.pinned for each in pinned.options] == [False, False, True]


def test_a_typed_formula_with_what_else_is_accepted_and_what_is_expected_to_go_wrong():
    key = typed(
        """
        ## Count {#count}

        ```meta
        type: formula
        symbols: n m
        functions: O
        assume: {n: positive integer, m: integer}
        ```

        How many?

        - also: `3*(n^2 + n*m + 2*n)` {note=two-bias}
          > Right for some libraries.
        - answer: `3*(n^2 + n*m + n)`
        - wrong: `4*(n^2 + n*m + n)` {tag=count.lstm-for-gru}
          > Four sets is an LSTM.
        - wrong: `3*n`
          > [count.bias-only] Only the biases.
        """
    )
    assert key.kind is Kind.FORMULA
    assert (key.symbols, key.functions) == (("n", "m"), ("O",))
    assert (key.positive, key.integer) == (("n",), ("n", "m"))
    assert [each.text for each in key.accepted] == ["3*(n^2 + n*m + n)", "3*(n^2 + n*m + 2*n)"]
    assert [each.note for each in key.accepted] == [None, "two-bias"]
    assert [each.tag for each in key.mistaken] == ["count.lstm-for-gru", "count.bias-only"]
    assert plain(key.mistaken[1].feedback) == "Only the biases."


def test_what_is_assumed_may_hold_for_all_symbols():
    meta = "```meta\ntype: formula\nsymbols: n, m\nassume: positive\n```\n"
    assert typed(f"## Q {{#q}}\n{meta}Ask.\n- answer: `n*m`\n").positive == ("n", "m")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("60000", Kind.NUMBER),
        ("4*(h*h + h*e)", Kind.NUMBER),
        ("h x e", Kind.SIZE),
        ("100x50", Kind.SIZE),
        ("h*e x 1", Kind.SIZE),
    ],
)
def test_the_kind_of_a_typed_answer_follows_from_its_key(key: str, kind: Kind):
    meta = "```meta\nparams: {e: [1, 2, 3], h: [4]}\n```\n"
    assert typed(f"## Q {{#q}}\n{meta}Ask.\n- answer: `{key}`\n").kind is kind


@pytest.mark.parametrize(
    ("written", "tolerance"), [("0.01", Fraction(1, 100)), ("1%", Fraction(1, 100)), ("1/8", "1/8")]
)
def test_a_tolerance_is_a_share(written: str, tolerance: Fraction | str):
    meta = f"```meta\ntolerance: {written}\n```\n"
    key = typed(f"## Q {{#q}}\n{meta}Ask.\n- answer: `3.14`\n")
    assert key.tolerance == Fraction(tolerance)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (Kind.QUANTITY, "20 m/s"),
        (Kind.EQUATION, "y = 2*x"),
        (Kind.INEQUALITY, "x <= 2"),
        (Kind.SET, "{1, 2}"),
        (Kind.SOLUTIONS, "x = 1 or x = 2"),
        (Kind.INTERVAL, "[1, 2)"),
        (Kind.TUPLE, "(1, 2)"),
        (Kind.VECTOR, "(1, 2)"),
        (Kind.MATRIX, "[1, 0; 0, 1]"),
        (Kind.LOGIC, "x and not y"),
        (Kind.TEXT, "gradient clipping"),
    ],
)
def test_each_kind_of_answer_is_asked_for_by_its_name(kind: Kind, key: str):
    meta = f"```meta\ntype: {kind.value}\nsymbols: x y\n```\n"
    asked = typed(f"## Q {{#q}}\n{meta}Ask.\n- answer: `{key}`\n")
    assert asked.kind is kind
    assert asked.accepted[0].text == key


def test_the_form_the_figures_the_unit_and_the_logarithm_are_settled_by_the_author():
    meta = """```meta
type: quantity
symbols: z
assume: complex
constants: e
unit: km/h
figures: 3
form: as-typed
log: 10
```
"""
    asked = typed(f"## Q {{#q}}\n{meta}Ask.\n- answer: `72 km/h`\n")
    assert (asked.unit, asked.significant, asked.log_base) == ("km/h", 3, 10)
    assert (asked.form, asked.complex, asked.constants) == (Form.AS_TYPED, ("z",), ("e",))


def test_a_key_may_be_derived_and_have_a_constant_of_integration():
    found = typed(
        """
        ## Q {#q}
        ```meta
        type: formula
        symbols: x C
        assume: {C: constant}
        derive: {f: "int(x^2, x, 0, 1)", g: "diff(x^3, x)"}
        ```
        Ask.
        - answer: `f*x + g + C`
        """
    )
    assert found.constant == "C"
    assert found.derived == (("f", "int(x^2, x, 0, 1)"), ("g", "diff(x^3, x)"))


def test_hints_come_in_order_with_their_cost():
    question = only(
        """
        ## Q {#q}
        Ask.
        - (x) a
        - ( ) b
        - hint: List the symbols: $W_o$.
        - hint: {cost=0.5} One set has $n$ numbers.
          How many sets?
        """
    )
    assert [hint.cost for hint in question.hints] == [Fraction(0), Fraction(1, 2)]
    assert plain(question.hints[1].prose) == "One set has $n$ numbers. How many sets?"


def test_a_solution_may_hold_paragraphs_lists_and_formulas():
    question = only(
        """
        ## Q {#q}
        Ask.
        - (x) a
        - ( ) b

        ### Solution

        First:

        - one
        - two

        $$x = 1$$
        """
    )
    assert question.solution == (
        words("First:"),
        Bullets(((Text("one"),), (Text("two"),))),
        Display("x = 1"),
    )


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Plain words.", (words("Plain words."),)),
        ("Two\nlines.", (words("Two lines."),)),
        ("**Bold** it", (Paragraph((Text("Bold", Style.BOLD), Text(" it"))),)),
        ("*Lean* it", (Paragraph((Text("Lean", Style.ITALIC), Text(" it"))),)),
        ("Type `O'(x)`", (Paragraph((Text("Type "), Text("O'(x)", Style.CODE))),)),
        ("It costs 5 \\$ or 6 \\$.", (words("It costs 5 $ or 6 $."),)),
        (
            r"Let $s_t \in \mathbb{R}$.",
            (Paragraph((Text("Let "), Formula(r"s_t \in \mathbb{R}"), Text("."))),),
        ),
        ("So\n\n$$\na\n= b\n$$\n\nholds.", (words("So"), Display("a\n= b"), words("holds."))),
        ("So $$a$$ holds.", (words("So"), Display("a"), words("holds."))),
        ("1. one\n2. two", (Bullets(((Text("one"),), (Text("two"),)), ordered=True),)),
        ("* one\n* two", (Bullets(((Text("one"),), (Text("two"),))),)),
        ("> aside", (Quote(((Text("aside"),),)),)),
        ("```\na  b\n```", (Verbatim("a  b"),)),
        ("Ask <!-- not shown --> this.\n\n<!-- nor this -->", (words("Ask  this."),)),
        ("Fish &amp; chips", (words("Fish & chips"),)),
        (
            "A {{ hole }} of LaTeX: $x_{a}^{ {b} }$".replace("{{ hole }}", "part"),
            (Paragraph((Text("A part of LaTeX: "), Formula("x_{a}^{ {b} }"))),),
        ),
    ],
)
def test_markdown_becomes_what_a_learner_reads(written: str, read_as: Prose):
    assert asked(written) == read_as


def test_questions_under_a_stem_share_its_text_and_its_variant():
    course = read(
        """
        # Scans {#scans .stem}

        A company scans hearts.

        ## Type {#type}
        Ask.
        - (x) a
        - ( ) b

        # Embeddings {#embed .stem uses=scans}

        ```meta
        params: {e: [50, 64], h: [100, 128, 64]}
        where: e != h
        ```

        Size {{e}}, then $h={{h}}$.

        ## Input {#w-xh}
        Which size?
        - answer: `h x e`

        ## State {#w-hh}
        Which size?
        - answer: `h x h`

        # Alone

        ## Last {#last}
        Ask.
        - answer: `1`
        """
    )
    kind, first, second, last = course
    assert (kind.group, first.group, second.group, last.group) == ("scans", "embed", "embed", None)
    assert plain(kind.stem) == "A company scans hearts."
    assert plain(first.stem) == "A company scans hearts.\nSize {{e}}, then $h={{h}}$."
    assert first.stem == second.stem
    assert last.stem == ()
    assert first.variants == second.variants
    assert [tuple(map(int, dict(each).values())) for each in first.variants] == [
        (50, 100), (50, 128), (50, 64), (64, 100), (64, 128),
    ]  # fmt: skip
    assert last.variants == ((),)


def test_policy_comes_from_the_question_then_its_stem_then_the_course():
    head = "---\nid: c\ntitle: C\ndefaults: {order: fixed, tries: 3, reveal: after-paper}\n---\n"
    course = read(
        """
        ## One {#one}
        Ask.
        - (x) a
        - ( ) b

        # Stem {#stem .stem}

        ```meta
        skills: rnn.sizes, rnn.params
        order: shuffled
        reveal: after-group
        ```
        Words.

        ## Two {#two}
        Ask.
        - (x) a
        - ( ) b

        ## Three {#three}
        ```meta
        skills: [deriv.chain]
        tries: 1
        ```
        Ask.
        - (x) a
        - ( ) b
        """,
        head,
    )
    one, two, three = course
    assert [each.body.shuffled for each in course if isinstance(each.body, Choice)] == [
        False, True, True,
    ]  # fmt: skip
    assert [each.tries for each in course] == [3, 3, 1]
    assert [each.reveal for each in course] == [Reveal.PAPER, Reveal.GROUP, Reveal.GROUP]
    assert (one.skills, two.skills) == ((), ("rnn.sizes", "rnn.params"))
    assert three.skills == ("deriv.chain",)


def test_line_ends_of_any_system_are_read_alike():
    source = HEAD + "## Q {#q}\nAsk.\n- (x) a\n- ( ) b\n"
    assert parse(source, "a") == parse(source.replace("\n", "\r\n"), "a")
    assert parse("\ufeff" + source, "a") == parse(source, "a")


def test_points_partial_credit_and_a_worked_example():
    question = only(
        """
        ## Q {#q}
        ```meta
        points: 2.5
        partial: each-decision
        ```
        Ask.
        - [x] a
        - [ ] b

        ### Worked example

        - One like it.

        ### Solution

        So.
        """
    )
    assert question.points == Fraction(5, 2)
    assert isinstance(question.body, Choice)
    assert question.body.partial is Partial.EACH_DECISION
    assert question.worked == (Bullets(((Text("One like it."),),)),)
    assert question.help == (Hint(prose=question.worked),)
    assert question.solution == (words("So."),)


def test_partial_credit_of_the_course_concerns_ticks_alone():
    head = "---\nid: c\ntitle: C\ndefaults: {partial: net-correct, points: 2}\n---\n"
    course = read(
        """
        ## One {#one}
        Ask.
        - (x) a
        - ( ) b

        ## Two {#two}
        Ask.
        - [x] a
        - [ ] b

        ## Three {#three}
        Ask.
        - answer: `1`
        """,
        head,
    )
    bodies = [each.body for each in course]
    assert [each.partial for each in bodies if isinstance(each, Choice)] == [
        Partial.ALL_OR_NOTHING,
        Partial.NET_CORRECT,
    ]
    assert {each.points for each in course} == {Fraction(2)}


def test_a_picture_stands_alone_wherever_it_is_put():
    assert asked("Look ![A *cell*,\n5 \\$](cell_1.png) here.") == (
        words("Look"),
        Picture("cell_1.png", "A cell, 5 $"),
        words("here."),
    )


def test_questions_under_a_heading_can_make_up_a_pool():
    course = read(
        """
        # Part {#part}
        ```meta
        pick: 1
        ```
        ## One {#one}
        Ask.
        - answer: `1`
        ## Two {#two}
        Ask.
        - answer: `2`
        """
    )
    assert course.pools == (
        Pool(id="part", questions=(QuestionId("one"), QuestionId("two")), pick=1),
    )


def test_parameters_can_go_together():
    question = only(
        """
        ## Q {#q}
        ```meta
        params: {e h: [50 100, 64 128, 40 80], k: [1, 2]}
        where: [k < 2, e != 64]
        ```
        Ask.
        - answer: `h`
        """
    )
    assert [tuple(map(int, dict(each).values())) for each in question.variants] == [
        (50, 100, 1), (40, 80, 1),
    ]  # fmt: skip


def test_a_tag_that_is_to_be_read_takes_a_backslash():
    (option, _) = choice("## Q {#q}\nAsk.\n- (x) a\n  > \\[sic] So.\n- ( ) b\n").options
    assert (option.tag, option.feedback) == (None, (words("[sic] So."),))
