"""What people really do: tap twice, press old buttons, edit, send stickers, stop and come back."""

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tutorbot.core.course import Choice, Course, Mark

pytestmark = [pytest.mark.postgres]


async def goes_to(sitter: Sitter, paper: Course, question_id: str) -> None:
    """Skip on to one question of a paper."""
    await sitter.opens(paper)
    for number, question in enumerate(paper.questions, start=1):
        if question.id == question_id:
            return
        await sitter.presses_and_sees("Skip", f"Question {number + 1} of")


async def answers_of(sitter: Sitter) -> int:
    """How many answers are stored, for everybody."""
    async with sitter.school.store.unit() as unit:
        return (await unit.execute(text("SELECT count(*) FROM answers"))).scalar_one()


async def test_from_start_to_the_first_question_is_two_taps(ada: Sitter):
    await ada.actor.says("/start")
    (hello,) = await ada.actor.hears()
    assert "Hello, Ada!" in hello.text
    paper = ada.school.paper(1)
    await ada.presses_and_sees(paper.title[:20], f"Question 1 of {len(paper.questions)}")


async def test_a_double_tap_counts_once(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    question = ada.actor.last()
    await ada.actor.presses_on(question, "A")
    await ada.actor.presses_on(question, "A")
    await ada.actor.settles()
    assert await answers_of(ada) == 1
    assert any("has its answer" in toast.text for toast in ada.actor.toasts())


async def test_an_answered_keyboard_is_disabled_and_shows_what_was_chosen(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
    letter = ada.letter(posed, right)
    await ada.presses_and_sees(letter, "Right.")
    await ada.actor.settles()
    question = next(each for each in ada.actor.messages() if "Question 1 of" in each.text)
    assert f"✅ {letter}" in question.buttons
    assert question.enabled == ()
    assert not any("❌" in label for label in question.buttons)


async def test_a_button_of_a_question_left_behind_is_harmless(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    first = ada.actor.last()
    await ada.presses_and_sees("Skip", "Question 2 of")
    await ada.actor.settles()
    await ada.actor.presses_on(first, "A")
    assert "behind you" in (await ada.actor.sees_toast()).text
    assert await answers_of(ada) == 0


async def test_a_button_of_somebody_else_does_nothing(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    eve = Sitter(ada.school, ada.school.person("Eve"))
    await eve.opens(ada.school.paper(1))
    await eve.actor.presses_on(ada.actor.last(), "A")
    await eve.actor.settles()
    assert await answers_of(ada) == 0


async def test_typing_the_letter_is_as_good_as_tapping(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
    await ada.writes_and_sees(ada.letter(posed, right).lower(), "Right.")


async def test_words_where_a_tap_is_due_cost_nothing(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    await ada.writes_and_sees("the gradients, I think", "This question has options")
    assert await answers_of(ada) == 0


@pytest.mark.parametrize("what", ["sticker", "voice", "document"])
async def test_what_cannot_be_read_gets_one_friendly_line(ada: Sitter, what: str):
    await ada.opens(ada.school.paper(1))
    actor = ada.actor
    match what:
        case "sticker":
            await actor.sends_sticker()
        case "voice":
            await actor.sends_voice()
        case _:
            await actor.sends_document(b"notes")
    await ada.sees("I can only read text")
    assert await answers_of(ada) == 0


async def test_an_edited_message_is_never_a_second_answer(ada: Sitter):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "gru-count-typed")
    said = await ada.actor.says("4(n^2+nm+n)")
    await ada.sees("Not quite")
    await ada.actor.edits(said, "3(n^2+nm+n)")
    await ada.sees("I leave first answers as they are")
    assert await answers_of(ada) == 1


async def test_a_paper_is_resumed_where_it_was_left_after_a_restart(closed_school: School):
    paper = closed_school.paper(1)
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await ada.opens(paper)
        await ada.presses_and_sees("Skip", "Question 2 of")
        order = [option.id for option in (await ada.at_hand(paper)).shown]
    async with closed_school.bot():
        await ada.writes_and_sees("/start", "Pick a paper")
        await ada.presses_and_sees("▶", "Question 2 of")
        posed = await ada.at_hand(paper)
        assert [option.id for option in posed.shown] == order
        right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
        await ada.presses_and_sees(ada.letter(posed, right), "Right.")


async def test_what_was_said_while_the_bot_was_away_is_answered_when_it_is_back(
    closed_school: School,
):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    await ada.actor.says("/start")
    async with closed_school.bot():
        await ada.sees("Pick a paper")


async def test_text_without_a_question_leads_to_the_papers(ada: Sitter):
    await ada.writes_and_sees("hello?", "Pick a paper")


async def test_an_unknown_command_points_to_help(ada: Sitter):
    await ada.writes_and_sees("/dance", "/help")


async def test_starting_over_begins_at_the_first_question(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    await ada.presses_and_sees("Skip", "Question 2 of")
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.presses_and_sees("↺", "You are at 2 of")
    await ada.presses_and_sees("Start over", "Question 1 of")
    assert (await ada.at_hand(ada.school.paper(1))).tries == 0


async def test_starting_over_by_a_double_tap_begins_once(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    await ada.presses_and_sees("Skip", "Question 2 of")
    await ada.writes_and_sees("/start", "Pick a paper")
    asked = await ada.presses_and_sees("↺", "You are at 2 of")
    await ada.actor.presses_on(asked, "Start over")
    await ada.actor.presses_on(asked, "Start over")
    await ada.actor.settles()
    live = [each for each in ada.actor.messages() if "Question 1" in each.text and each.enabled]
    assert len(live) == 1


async def test_who_resumes_after_a_right_answer_gets_the_next_question(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
    await ada.presses_and_sees(ada.letter(posed, right), "Right.")
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.presses_and_sees("▶", "Question 2 of")


async def test_who_resumes_after_a_wrong_answer_can_answer_again(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    wrong, right = (
        next(option for option in posed.shown if option.mark is mark)
        for mark in (Mark.WRONG, Mark.RIGHT)
    )
    await ada.presses_and_sees(ada.letter(posed, wrong), "Not quite")
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.presses_and_sees("▶", "Question 1 of")
    await ada.actor.settles()
    live = [each for each in ada.actor.messages() if "Question 1" in each.text and each.enabled]
    assert len(live) == 1
    await ada.presses_and_sees(ada.letter(posed, right), "Right.")


async def test_after_a_wrong_tap_the_next_try_may_be_typed(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    wrong, right = (
        next(option for option in posed.shown if option.mark is mark)
        for mark in (Mark.WRONG, Mark.RIGHT)
    )
    await ada.presses_and_sees(ada.letter(posed, wrong), "Not quite")
    await ada.writes_and_sees("thanks", "Use the buttons under it")
    await ada.writes_and_sees(ada.letter(posed, right), "Right.")


async def test_after_the_solution_an_old_try_again_opens_nothing(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    wrong = next(option for option in posed.shown if option.mark is Mark.WRONG)
    verdict = await ada.presses_and_sees(ada.letter(posed, wrong), "Not quite")
    await ada.presses_and_sees("Solution", "Solution")
    await ada.actor.presses_on(verdict, "Try again")
    assert "has its answer" in (await ada.actor.sees_toast()).text
    await ada.actor.presses_on(verdict, "Hint")
    assert "has its answer" in (await ada.actor.sees_toast()).text


async def test_the_buttons_of_a_hint_rest_once_its_question_is_answered(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
    hint = await ada.presses_and_sees("Hint", "Hint 1 of")
    assert hint.enabled
    await ada.presses_and_sees(ada.letter(posed, right), "Right.")
    await ada.actor.settles()
    (now,) = (each for each in ada.actor.messages() if each.id == hint.id)
    assert not now.enabled


async def test_feedback_on_several_ticks_says_which_it_means(ada: Sitter):
    await ada.opens(ada.school.paper(2))
    for letter in "ABCD":
        await ada.actor.presses(f"☐ {letter}")
        await ada.actor.hears(lambda bubble, letter=letter: f"☑ {letter}" in bubble.buttons)
    verdict = await ada.presses_and_sees("Done", "Not quite")
    paragraphs = verdict.text.split("\n\n")
    assert all(any(each.startswith(f"{letter}  ") for each in paragraphs) for letter in "ABCD")


async def test_who_is_stuck_at_an_unreadable_answer_is_offered_a_hint(ada: Sitter):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "gru-count-typed")
    said = await ada.writes_and_sees("I don't know", "That cost you nothing")
    assert any("Hint" in label for label in said.enabled)


async def test_two_papers_side_by_side_keep_their_places(ada: Sitter):
    first, second = ada.school.paper(1), ada.school.paper(2)
    await ada.opens(first)
    await ada.presses_and_sees("Skip", "Question 2 of")
    await ada.opens(second)
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.presses_and_sees(f"▶ {first.title[:16]}", "Question 2 of")


GRU_RIGHT = [
    "3(n²+nm+n)",
    "3n^2+3nm+3n",
    "3*n*(n+m+1)",
    "3n(n+m+1)",
    "3(n^2+mn+n)",
    r"$3 \times (n^2 + nm + n)$",
    r"3\left(n^{2}+nm+n\right)",
    "３（ｎ²＋ｎｍ＋ｎ）",
]
GRU_WRONG = ["4(n^2+nm+n)", "3(n^2+nm)", "n^2+nm+2n", "n + 3(n^2+nm+n)"]
GRU_UNREADABLE = ["3(n²+nm+n", '__import__("os")', "9^9^9^9", "(" * 4000]


@pytest.mark.parametrize("answer", GRU_RIGHT)
async def test_the_gru_count_is_right_however_it_is_typed(ada: Sitter, answer: str):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "gru-count-typed")
    verdict = await ada.writes_and_sees(answer, "Right.")
    assert "I read 3" in verdict.text


async def test_each_wrong_gru_count_gets_feedback_of_its_own(ada: Sitter):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "gru-count-typed")
    told: set[str] = set()
    for answer in GRU_WRONG:
        verdict = await ada.writes_and_sees(answer, "Not quite")
        told.add(verdict.text.split("I read", 1)[1])
    assert len(told) == len(GRU_WRONG)


@pytest.mark.parametrize("answer", GRU_UNREADABLE)
async def test_what_cannot_be_read_as_a_formula_costs_no_try(ada: Sitter, answer: str):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "gru-count-typed")
    await ada.writes_and_sees(answer, "That cost you nothing")
    assert await answers_of(ada) == 0
    await ada.writes_and_sees("3(n²+nm+n)", "Right.")


async def test_a_disputed_key_is_explained_with_the_verdict(ada: Sitter):
    paper = ada.school.paper(2)
    disputed = [question for question in paper.questions if question.dispute]
    assert [paper.questions.index(each) + 1 for each in disputed] == [1, 3, 5]
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    assert isinstance(posed.question.body, Choice)
    for mark in (Mark.WRONG, Mark.RIGHT):
        options = [option for option in posed.shown if option.mark is mark]
        verdict = await ada.writes_and_sees(
            " ".join(ada.letter(posed, option) for option in options),
            "Right." if mark is Mark.RIGHT else "Not quite",
        )
        assert ("disputed" in verdict.text) is (mark is Mark.RIGHT)


async def test_done_without_a_tick_asks_for_one(ada: Sitter):
    await ada.opens(ada.school.paper(2))
    await ada.actor.presses("Done")
    assert "Tick at least one" in (await ada.actor.sees_toast()).text
    assert await answers_of(ada) == 0


async def test_formulas_come_natively_only_after_the_learner_has_seen_one(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    number = 1
    while not any("Can you see a fraction" in each.text for each in ada.actor.messages()):
        number += 1
        await ada.presses_and_sees("Skip", f"Question {number} of")
    await ada.actor.settles()
    shown = [each for each in ada.actor.messages() if f"Question {number} of" in each.text]
    assert shown[-1].photo
    assert not shown[-1].rich
    await ada.actor.presses("Yes, I see it")
    assert "part of the message" in (await ada.actor.sees_toast()).text
    await ada.writes_and_sees("/start", "Pick a paper")
    again = await ada.presses_and_sees("▶", f"Question {number} of")
    assert again.rich


async def test_who_sees_no_native_formula_gets_dark_pictures_on_request(ada: Sitter):
    await ada.actor.says("/formulas")
    (probe,) = await ada.actor.hears()
    assert probe.rich
    await ada.actor.presses("Dark pictures")
    assert "dark pictures" in (await ada.actor.sees_toast()).text


async def test_in_a_group_the_bot_says_where_it_tutors(school: School):
    ada = school.person("Ada")
    group = school.playground.group(title="Class", members=[ada])
    inside = ada.inside(group)
    await inside.says("/start@" + school.playground.world.bot["username"])
    (said,) = await inside.hears()
    assert "private chat" in said.text
