"""Every method that the playground knows, by its name in lower case."""

from collections.abc import Callable

from tutorbot.playground import editing, polls, profile, sending, updates
from tutorbot.playground.params import Params
from tutorbot.playground.world import World

Method = Callable[[World, Params], object]

METHODS: dict[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": profile.get_me,
        "logOut": profile.log_out,
        "close": profile.close,
        "setWebhook": updates.set_webhook,
        "deleteWebhook": updates.delete_webhook,
        "getWebhookInfo": updates.webhook_info,
        "sendMessage": sending.send_message,
        "sendRichMessage": sending.send_rich_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendPoll": sending.send_poll,
        "sendChatAction": sending.send_chat_action,
        "stopPoll": polls.stop_poll,
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "editMessageMedia": editing.edit_message_media,
        "editEphemeralMessageText": editing.edit_ephemeral_text,
        "editEphemeralMessageReplyMarkup": editing.edit_ephemeral_reply_markup,
        "deleteEphemeralMessage": editing.delete_ephemeral,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "answerCallbackQuery": editing.answer_callback_query,
        "setMessageReaction": editing.set_message_reaction,
        "setMyCommands": profile.set_my_commands,
        "getMyCommands": profile.get_my_commands,
        "deleteMyCommands": profile.delete_my_commands,
        "setMyName": profile.set_my_name,
        "getMyName": profile.get_my_name,
        "setMyDescription": profile.set_my_description,
        "getMyDescription": profile.get_my_description,
        "setMyShortDescription": profile.set_my_short_description,
        "getMyShortDescription": profile.get_my_short_description,
        "setChatMenuButton": profile.set_chat_menu_button,
        "getChatMenuButton": profile.get_chat_menu_button,
        "getChat": profile.get_chat,
        "getChatMember": profile.get_chat_member,
        "getChatMemberCount": profile.get_chat_member_count,
        "getFile": profile.get_file,
    }.items()
}


def method_named(name: str) -> Method:
    """Names are case-insensitive; an unknown one is refused as Telegram does."""
    return METHODS.get(name.lower(), profile.unknown)
