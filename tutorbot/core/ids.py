"""Ids with types of their own, so that two of them cannot change places without a sound."""

from typing import NewType

LearnerId = NewType("LearnerId", int)
ChatId = NewType("ChatId", int)
CourseId = NewType("CourseId", str)
CourseVersionId = NewType("CourseVersionId", int)
QuestionId = NewType("QuestionId", str)
OptionId = NewType("OptionId", str)
SittingId = NewType("SittingId", int)
AttemptId = NewType("AttemptId", int)
AnswerId = NewType("AnswerId", int)
UploadId = NewType("UploadId", int)
GroupId = NewType("GroupId", int)
QuizId = NewType("QuizId", int)
KeyId = NewType("KeyId", int)
RegradeId = NewType("RegradeId", int)
ClassId = NewType("ClassId", int)
AssignmentId = NewType("AssignmentId", int)
BroadcastId = NewType("BroadcastId", int)
LinkId = NewType("LinkId", int)
RoundId = NewType("RoundId", int)
RoundQuestionId = NewType("RoundQuestionId", int)
