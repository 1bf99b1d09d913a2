// Written by scripts/page.
#include "CPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char activities_panel_js[] = {
#embed "../Appliance/Page/activities-panel.js"
}, activities_words_js[] = {
#embed "../Appliance/Page/activities-words.js"
}, activities_css[] = {
#embed "../Appliance/Page/activities.css"
}, activities_js[] = {
#embed "../Appliance/Page/activities.js"
}, announcer_js[] = {
#embed "../Appliance/Page/announcer.js"
}, bar_css[] = {
#embed "../Appliance/Page/bar.css"
}, browser_shortcuts_js[] = {
#embed "../Appliance/Page/browser-shortcuts.js"
}, camera_sender_js[] = {
#embed "../Appliance/Page/camera-sender.js"
}, capture_words_js[] = {
#embed "../Appliance/Page/capture-words.js"
}, capture_js[] = {
#embed "../Appliance/Page/capture.js"
}, catalogue_js[] = {
#embed "../Appliance/Page/catalogue.js"
}, chat_entry_js[] = {
#embed "../Appliance/Page/chat-entry.js"
}, chat_length_js[] = {
#embed "../Appliance/Page/chat-length.js"
}, chat_panel_js[] = {
#embed "../Appliance/Page/chat-panel.js"
}, chat_js[] = {
#embed "../Appliance/Page/chat.js"
}, check_connection_js[] = {
#embed "../Appliance/Page/check-connection.js"
}, check_main_js[] = {
#embed "../Appliance/Page/check-main.js"
}, check_result_js[] = {
#embed "../Appliance/Page/check-result.js"
}, check_run_js[] = {
#embed "../Appliance/Page/check-run.js"
}, check_verdict_js[] = {
#embed "../Appliance/Page/check-verdict.js"
}, check_view_js[] = {
#embed "../Appliance/Page/check-view.js"
}, check_ways_js[] = {
#embed "../Appliance/Page/check-ways.js"
}, check_words_js[] = {
#embed "../Appliance/Page/check-words.js"
}, check_css[] = {
#embed "../Appliance/Page/check.css"
}, check_html[] = {
#embed "../Appliance/Page/check.html"
}, clipboard_keys_js[] = {
#embed "../Appliance/Page/clipboard-keys.js"
}, clipboard_local_js[] = {
#embed "../Appliance/Page/clipboard-local.js"
}, clipboard_panel_js[] = {
#embed "../Appliance/Page/clipboard-panel.js"
}, clipboard_protocol_js[] = {
#embed "../Appliance/Page/clipboard-protocol.js"
}, clipboard_transfers_js[] = {
#embed "../Appliance/Page/clipboard-transfers.js"
}, clipboard_words_js[] = {
#embed "../Appliance/Page/clipboard-words.js"
}, clipboard_css[] = {
#embed "../Appliance/Page/clipboard.css"
}, clipboard_js[] = {
#embed "../Appliance/Page/clipboard.js"
}, closing_view_js[] = {
#embed "../Appliance/Page/closing-view.js"
}, codecs_js[] = {
#embed "../Appliance/Page/codecs.js"
}, conference_view_js[] = {
#embed "../Appliance/Page/conference-view.js"
}, conference_js[] = {
#embed "../Appliance/Page/conference.js"
}, connection_steps_js[] = {
#embed "../Appliance/Page/connection-steps.js"
}, connection_watch_js[] = {
#embed "../Appliance/Page/connection-watch.js"
}, control_words_js[] = {
#embed "../Appliance/Page/control-words.js"
}, control_js[] = {
#embed "../Appliance/Page/control.js"
}, cursor_js[] = {
#embed "../Appliance/Page/cursor.js"
}, curtain_key_js[] = {
#embed "../Appliance/Page/curtain-key.js"
}, departure_js[] = {
#embed "../Appliance/Page/departure.js"
}, desk_ears_view_js[] = {
#embed "../Appliance/Page/desk-ears-view.js"
}, desk_ears_css[] = {
#embed "../Appliance/Page/desk-ears.css"
}, desk_ears_js[] = {
#embed "../Appliance/Page/desk-ears.js"
}, desk_layout_guess_js[] = {
#embed "../Appliance/Page/desk-layout-guess.js"
}, desk_layout_js[] = {
#embed "../Appliance/Page/desk-layout.js"
}, desk_panel_js[] = {
#embed "../Appliance/Page/desk-panel.js"
}, desk_size_fit_js[] = {
#embed "../Appliance/Page/desk-size-fit.js"
}, desk_size_view_js[] = {
#embed "../Appliance/Page/desk-size-view.js"
}, desk_size_css[] = {
#embed "../Appliance/Page/desk-size.css"
}, desk_size_js[] = {
#embed "../Appliance/Page/desk-size.js"
}, device_check_js[] = {
#embed "../Appliance/Page/device-check.js"
}, device_choices_js[] = {
#embed "../Appliance/Page/device-choices.js"
}, device_offer_js[] = {
#embed "../Appliance/Page/device-offer.js"
}, devices_js[] = {
#embed "../Appliance/Page/devices.js"
}, diagnosis_js[] = {
#embed "../Appliance/Page/diagnosis.js"
}, drops_js[] = {
#embed "../Appliance/Page/drops.js"
}, durations_js[] = {
#embed "../Appliance/Page/durations.js"
}, edge_pan_js[] = {
#embed "../Appliance/Page/edge-pan.js"
}, en_activities_js[] = {
#embed "../Appliance/Page/en-activities.js"
}, en_clipboard_js[] = {
#embed "../Appliance/Page/en-clipboard.js"
}, en_desk_js[] = {
#embed "../Appliance/Page/en-desk.js"
}, en_devices_js[] = {
#embed "../Appliance/Page/en-devices.js"
}, en_ears_js[] = {
#embed "../Appliance/Page/en-ears.js"
}, en_files_js[] = {
#embed "../Appliance/Page/en-files.js"
}, en_floor_js[] = {
#embed "../Appliance/Page/en-floor.js"
}, en_hands_js[] = {
#embed "../Appliance/Page/en-hands.js"
}, en_moderation_js[] = {
#embed "../Appliance/Page/en-moderation.js"
}, en_page_js[] = {
#embed "../Appliance/Page/en-page.js"
}, en_pointing_js[] = {
#embed "../Appliance/Page/en-pointing.js"
}, en_privacy_js[] = {
#embed "../Appliance/Page/en-privacy.js"
}, en_refusals_js[] = {
#embed "../Appliance/Page/en-refusals.js"
}, en_size_js[] = {
#embed "../Appliance/Page/en-size.js"
}, en_test_js[] = {
#embed "../Appliance/Page/en-test.js"
}, en_turns_js[] = {
#embed "../Appliance/Page/en-turns.js"
}, en_typing_js[] = {
#embed "../Appliance/Page/en-typing.js"
}, en_why_js[] = {
#embed "../Appliance/Page/en-why.js"
}, en_js[] = {
#embed "../Appliance/Page/en.js"
}, es_activities_js[] = {
#embed "../Appliance/Page/es-activities.js"
}, es_clipboard_js[] = {
#embed "../Appliance/Page/es-clipboard.js"
}, es_desk_js[] = {
#embed "../Appliance/Page/es-desk.js"
}, es_devices_js[] = {
#embed "../Appliance/Page/es-devices.js"
}, es_ears_js[] = {
#embed "../Appliance/Page/es-ears.js"
}, es_files_js[] = {
#embed "../Appliance/Page/es-files.js"
}, es_floor_js[] = {
#embed "../Appliance/Page/es-floor.js"
}, es_hands_js[] = {
#embed "../Appliance/Page/es-hands.js"
}, es_moderation_js[] = {
#embed "../Appliance/Page/es-moderation.js"
}, es_page_js[] = {
#embed "../Appliance/Page/es-page.js"
}, es_pointing_js[] = {
#embed "../Appliance/Page/es-pointing.js"
}, es_privacy_js[] = {
#embed "../Appliance/Page/es-privacy.js"
}, es_refusals_js[] = {
#embed "../Appliance/Page/es-refusals.js"
}, es_size_js[] = {
#embed "../Appliance/Page/es-size.js"
}, es_test_js[] = {
#embed "../Appliance/Page/es-test.js"
}, es_turns_js[] = {
#embed "../Appliance/Page/es-turns.js"
}, es_typing_js[] = {
#embed "../Appliance/Page/es-typing.js"
}, es_why_js[] = {
#embed "../Appliance/Page/es-why.js"
}, es_js[] = {
#embed "../Appliance/Page/es.js"
}, files_digest_js[] = {
#embed "../Appliance/Page/files-digest.js"
}, files_download_js[] = {
#embed "../Appliance/Page/files-download.js"
}, files_notices_js[] = {
#embed "../Appliance/Page/files-notices.js"
}, files_panel_js[] = {
#embed "../Appliance/Page/files-panel.js"
}, files_protocol_js[] = {
#embed "../Appliance/Page/files-protocol.js"
}, files_rows_js[] = {
#embed "../Appliance/Page/files-rows.js"
}, files_upload_js[] = {
#embed "../Appliance/Page/files-upload.js"
}, files_window_js[] = {
#embed "../Appliance/Page/files-window.js"
}, files_words_js[] = {
#embed "../Appliance/Page/files-words.js"
}, files_css[] = {
#embed "../Appliance/Page/files.css"
}, files_js[] = {
#embed "../Appliance/Page/files.js"
}, floor_keys_js[] = {
#embed "../Appliance/Page/floor-keys.js"
}, floor_view_js[] = {
#embed "../Appliance/Page/floor-view.js"
}, floor_css[] = {
#embed "../Appliance/Page/floor.css"
}, floor_js[] = {
#embed "../Appliance/Page/floor.js"
}, foreign_js[] = {
#embed "../Appliance/Page/foreign.js"
}, gate_js[] = {
#embed "../Appliance/Page/gate.js"
}, geometry_js[] = {
#embed "../Appliance/Page/geometry.js"
}, give_control_js[] = {
#embed "../Appliance/Page/give-control.js"
}, hands_css[] = {
#embed "../Appliance/Page/hands.css"
}, hands_js[] = {
#embed "../Appliance/Page/hands.js"
}, health_js[] = {
#embed "../Appliance/Page/health.js"
}, held_state_js[] = {
#embed "../Appliance/Page/held-state.js"
}, hue_js[] = {
#embed "../Appliance/Page/hue.js"
}, ice_js[] = {
#embed "../Appliance/Page/ice.js"
}, icon_svg[] = {
#embed "../Appliance/Page/icon.svg"
}, identity_js[] = {
#embed "../Appliance/Page/identity.js"
}, index_html[] = {
#embed "../Appliance/Page/index.html"
}, input_delay_js[] = {
#embed "../Appliance/Page/input-delay.js"
}, input_watch_js[] = {
#embed "../Appliance/Page/input-watch.js"
}, input_js[] = {
#embed "../Appliance/Page/input.js"
}, isolation_js[] = {
#embed "../Appliance/Page/isolation.js"
}, key_panel_js[] = {
#embed "../Appliance/Page/key-panel.js"
}, key_places_js[] = {
#embed "../Appliance/Page/key-places.js"
}, keyboard_lock_js[] = {
#embed "../Appliance/Page/keyboard-lock.js"
}, keyboard_js[] = {
#embed "../Appliance/Page/keyboard.js"
}, keysyms_js[] = {
#embed "../Appliance/Page/keysyms.js"
}, labels_js[] = {
#embed "../Appliance/Page/labels.js"
}, language_choice_js[] = {
#embed "../Appliance/Page/language-choice.js"
}, language_js[] = {
#embed "../Appliance/Page/language.js"
}, latched_modifiers_js[] = {
#embed "../Appliance/Page/latched-modifiers.js"
}, layout_js[] = {
#embed "../Appliance/Page/layout.js"
}, link_view_js[] = {
#embed "../Appliance/Page/link-view.js"
}, link_js[] = {
#embed "../Appliance/Page/link.js"
}, lobby_entry_js[] = {
#embed "../Appliance/Page/lobby-entry.js"
}, lobby_js[] = {
#embed "../Appliance/Page/lobby.js"
}, lookalikes_js[] = {
#embed "../Appliance/Page/lookalikes.js"
}, main_js[] = {
#embed "../Appliance/Page/main.js"
}, mask_drawing_js[] = {
#embed "../Appliance/Page/mask-drawing.js"
}, media_js[] = {
#embed "../Appliance/Page/media.js"
}, moderation_view_js[] = {
#embed "../Appliance/Page/moderation-view.js"
}, moderation_css[] = {
#embed "../Appliance/Page/moderation.css"
}, names_js[] = {
#embed "../Appliance/Page/names.js"
}, network_words_js[] = {
#embed "../Appliance/Page/network-words.js"
}, network_js[] = {
#embed "../Appliance/Page/network.js"
}, openapi_json[] = {
#embed "../Appliance/Page/openapi.json"
}, outbox_js[] = {
#embed "../Appliance/Page/outbox.js"
}, own_network_js[] = {
#embed "../Appliance/Page/own-network.js"
}, page_state_words_js[] = {
#embed "../Appliance/Page/page-state-words.js"
}, page_state_js[] = {
#embed "../Appliance/Page/page-state.js"
}, panels_css[] = {
#embed "../Appliance/Page/panels.css"
}, path_js[] = {
#embed "../Appliance/Page/path.js"
}, people_list_js[] = {
#embed "../Appliance/Page/people-list.js"
}, person_dialog_js[] = {
#embed "../Appliance/Page/person-dialog.js"
}, personal_line_js[] = {
#embed "../Appliance/Page/personal-line.js"
}, picture_js[] = {
#embed "../Appliance/Page/picture.js"
}, pointers_view_js[] = {
#embed "../Appliance/Page/pointers-view.js"
}, pointers_css[] = {
#embed "../Appliance/Page/pointers.css"
}, pointing_input_js[] = {
#embed "../Appliance/Page/pointing-input.js"
}, pointing_protocol_js[] = {
#embed "../Appliance/Page/pointing-protocol.js"
}, pointing_sender_js[] = {
#embed "../Appliance/Page/pointing-sender.js"
}, pointing_js[] = {
#embed "../Appliance/Page/pointing.js"
}, popup_js[] = {
#embed "../Appliance/Page/popup.js"
}, privacy_panel_js[] = {
#embed "../Appliance/Page/privacy-panel.js"
}, privacy_words_js[] = {
#embed "../Appliance/Page/privacy-words.js"
}, privacy_css[] = {
#embed "../Appliance/Page/privacy.css"
}, privacy_js[] = {
#embed "../Appliance/Page/privacy.js"
}, probe_js[] = {
#embed "../Appliance/Page/probe.js"
}, protocol_js[] = {
#embed "../Appliance/Page/protocol.js"
}, publish_js[] = {
#embed "../Appliance/Page/publish.js"
}, quality_words_js[] = {
#embed "../Appliance/Page/quality-words.js"
}, reasons_js[] = {
#embed "../Appliance/Page/reasons.js"
}, recovery_js[] = {
#embed "../Appliance/Page/recovery.js"
}, refusal_words_js[] = {
#embed "../Appliance/Page/refusal-words.js"
}, regions_js[] = {
#embed "../Appliance/Page/regions.js"
}, relative_pointer_js[] = {
#embed "../Appliance/Page/relative-pointer.js"
}, requests_js[] = {
#embed "../Appliance/Page/requests.js"
}, room_js[] = {
#embed "../Appliance/Page/room.js"
}, screen_js[] = {
#embed "../Appliance/Page/screen.js"
}, selected_pair_js[] = {
#embed "../Appliance/Page/selected-pair.js"
}, senders_js[] = {
#embed "../Appliance/Page/senders.js"
}, session_dialog_js[] = {
#embed "../Appliance/Page/session-dialog.js"
}, settings_js[] = {
#embed "../Appliance/Page/settings.js"
}, shortcuts_js[] = {
#embed "../Appliance/Page/shortcuts.js"
}, signalling_js[] = {
#embed "../Appliance/Page/signalling.js"
}, sound_level_js[] = {
#embed "../Appliance/Page/sound-level.js"
}, sound_js[] = {
#embed "../Appliance/Page/sound.js"
}, speaker_in_sight_js[] = {
#embed "../Appliance/Page/speaker-in-sight.js"
}, speaker_js[] = {
#embed "../Appliance/Page/speaker.js"
}, stage_css[] = {
#embed "../Appliance/Page/stage.css"
}, standing_js[] = {
#embed "../Appliance/Page/standing.js"
}, states_js[] = {
#embed "../Appliance/Page/states.js"
}, storage_js[] = {
#embed "../Appliance/Page/storage.js"
}, style_css[] = {
#embed "../Appliance/Page/style.css"
}, subscribe_js[] = {
#embed "../Appliance/Page/subscribe.js"
}, support_details_js[] = {
#embed "../Appliance/Page/support-details.js"
}, support_fold_js[] = {
#embed "../Appliance/Page/support-fold.js"
}, support_css[] = {
#embed "../Appliance/Page/support.css"
}, text_js[] = {
#embed "../Appliance/Page/text.js"
}, tile_words_js[] = {
#embed "../Appliance/Page/tile-words.js"
}, tile_js[] = {
#embed "../Appliance/Page/tile.js"
}, tiles_css[] = {
#embed "../Appliance/Page/tiles.css"
}, tiles_js[] = {
#embed "../Appliance/Page/tiles.js"
}, tone_js[] = {
#embed "../Appliance/Page/tone.js"
}, toolbar_js[] = {
#embed "../Appliance/Page/toolbar.js"
}, touch_js[] = {
#embed "../Appliance/Page/touch.js"
}, turn_taking_order_js[] = {
#embed "../Appliance/Page/turn-taking-order.js"
}, turn_taking_view_js[] = {
#embed "../Appliance/Page/turn-taking-view.js"
}, turn_taking_words_js[] = {
#embed "../Appliance/Page/turn-taking-words.js"
}, turn_taking_css[] = {
#embed "../Appliance/Page/turn-taking.css"
}, turn_taking_js[] = {
#embed "../Appliance/Page/turn-taking.js"
}, turns_js[] = {
#embed "../Appliance/Page/turns.js"
}, two_fingers_js[] = {
#embed "../Appliance/Page/two-fingers.js"
}, typing_proof_js[] = {
#embed "../Appliance/Page/typing-proof.js"
}, typing_js[] = {
#embed "../Appliance/Page/typing.js"
}, view_js[] = {
#embed "../Appliance/Page/view.js"
}, viewer_input_js[] = {
#embed "../Appliance/Page/viewer-input.js"
}, viewport_js[] = {
#embed "../Appliance/Page/viewport.js"
}, views_js[] = {
#embed "../Appliance/Page/views.js"
}, voices_js[] = {
#embed "../Appliance/Page/voices.js"
}, wait_view_js[] = {
#embed "../Appliance/Page/wait-view.js"
}, wait_css[] = {
#embed "../Appliance/Page/wait.css"
}, wake_lock_js[] = {
#embed "../Appliance/Page/wake-lock.js"
}, watch_view_js[] = {
#embed "../Appliance/Page/watch-view.js"
}, welcome_css[] = {
#embed "../Appliance/Page/welcome.css"
}, withheld_modifiers_js[] = {
#embed "../Appliance/Page/withheld-modifiers.js"
}, zoom_view_js[] = {
#embed "../Appliance/Page/zoom-view.js"
};

static const struct CPage_file files[] = {
    {"activities-panel.js", activities_panel_js, sizeof activities_panel_js},
    {"activities-words.js", activities_words_js, sizeof activities_words_js},
    {"activities.css", activities_css, sizeof activities_css},
    {"activities.js", activities_js, sizeof activities_js},
    {"announcer.js", announcer_js, sizeof announcer_js},
    {"bar.css", bar_css, sizeof bar_css},
    {"browser-shortcuts.js", browser_shortcuts_js, sizeof browser_shortcuts_js},
    {"camera-sender.js", camera_sender_js, sizeof camera_sender_js},
    {"capture-words.js", capture_words_js, sizeof capture_words_js},
    {"capture.js", capture_js, sizeof capture_js},
    {"catalogue.js", catalogue_js, sizeof catalogue_js},
    {"chat-entry.js", chat_entry_js, sizeof chat_entry_js},
    {"chat-length.js", chat_length_js, sizeof chat_length_js},
    {"chat-panel.js", chat_panel_js, sizeof chat_panel_js},
    {"chat.js", chat_js, sizeof chat_js},
    {"check-connection.js", check_connection_js, sizeof check_connection_js},
    {"check-main.js", check_main_js, sizeof check_main_js},
    {"check-result.js", check_result_js, sizeof check_result_js},
    {"check-run.js", check_run_js, sizeof check_run_js},
    {"check-verdict.js", check_verdict_js, sizeof check_verdict_js},
    {"check-view.js", check_view_js, sizeof check_view_js},
    {"check-ways.js", check_ways_js, sizeof check_ways_js},
    {"check-words.js", check_words_js, sizeof check_words_js},
    {"check.css", check_css, sizeof check_css},
    {"check.html", check_html, sizeof check_html},
    {"clipboard-keys.js", clipboard_keys_js, sizeof clipboard_keys_js},
    {"clipboard-local.js", clipboard_local_js, sizeof clipboard_local_js},
    {"clipboard-panel.js", clipboard_panel_js, sizeof clipboard_panel_js},
    {"clipboard-protocol.js", clipboard_protocol_js, sizeof clipboard_protocol_js},
    {"clipboard-transfers.js", clipboard_transfers_js, sizeof clipboard_transfers_js},
    {"clipboard-words.js", clipboard_words_js, sizeof clipboard_words_js},
    {"clipboard.css", clipboard_css, sizeof clipboard_css},
    {"clipboard.js", clipboard_js, sizeof clipboard_js},
    {"closing-view.js", closing_view_js, sizeof closing_view_js},
    {"codecs.js", codecs_js, sizeof codecs_js},
    {"conference-view.js", conference_view_js, sizeof conference_view_js},
    {"conference.js", conference_js, sizeof conference_js},
    {"connection-steps.js", connection_steps_js, sizeof connection_steps_js},
    {"connection-watch.js", connection_watch_js, sizeof connection_watch_js},
    {"control-words.js", control_words_js, sizeof control_words_js},
    {"control.js", control_js, sizeof control_js},
    {"cursor.js", cursor_js, sizeof cursor_js},
    {"curtain-key.js", curtain_key_js, sizeof curtain_key_js},
    {"departure.js", departure_js, sizeof departure_js},
    {"desk-ears-view.js", desk_ears_view_js, sizeof desk_ears_view_js},
    {"desk-ears.css", desk_ears_css, sizeof desk_ears_css},
    {"desk-ears.js", desk_ears_js, sizeof desk_ears_js},
    {"desk-layout-guess.js", desk_layout_guess_js, sizeof desk_layout_guess_js},
    {"desk-layout.js", desk_layout_js, sizeof desk_layout_js},
    {"desk-panel.js", desk_panel_js, sizeof desk_panel_js},
    {"desk-size-fit.js", desk_size_fit_js, sizeof desk_size_fit_js},
    {"desk-size-view.js", desk_size_view_js, sizeof desk_size_view_js},
    {"desk-size.css", desk_size_css, sizeof desk_size_css},
    {"desk-size.js", desk_size_js, sizeof desk_size_js},
    {"device-check.js", device_check_js, sizeof device_check_js},
    {"device-choices.js", device_choices_js, sizeof device_choices_js},
    {"device-offer.js", device_offer_js, sizeof device_offer_js},
    {"devices.js", devices_js, sizeof devices_js},
    {"diagnosis.js", diagnosis_js, sizeof diagnosis_js},
    {"drops.js", drops_js, sizeof drops_js},
    {"durations.js", durations_js, sizeof durations_js},
    {"edge-pan.js", edge_pan_js, sizeof edge_pan_js},
    {"en-activities.js", en_activities_js, sizeof en_activities_js},
    {"en-clipboard.js", en_clipboard_js, sizeof en_clipboard_js},
    {"en-desk.js", en_desk_js, sizeof en_desk_js},
    {"en-devices.js", en_devices_js, sizeof en_devices_js},
    {"en-ears.js", en_ears_js, sizeof en_ears_js},
    {"en-files.js", en_files_js, sizeof en_files_js},
    {"en-floor.js", en_floor_js, sizeof en_floor_js},
    {"en-hands.js", en_hands_js, sizeof en_hands_js},
    {"en-moderation.js", en_moderation_js, sizeof en_moderation_js},
    {"en-page.js", en_page_js, sizeof en_page_js},
    {"en-pointing.js", en_pointing_js, sizeof en_pointing_js},
    {"en-privacy.js", en_privacy_js, sizeof en_privacy_js},
    {"en-refusals.js", en_refusals_js, sizeof en_refusals_js},
    {"en-size.js", en_size_js, sizeof en_size_js},
    {"en-test.js", en_test_js, sizeof en_test_js},
    {"en-turns.js", en_turns_js, sizeof en_turns_js},
    {"en-typing.js", en_typing_js, sizeof en_typing_js},
    {"en-why.js", en_why_js, sizeof en_why_js},
    {"en.js", en_js, sizeof en_js},
    {"es-activities.js", es_activities_js, sizeof es_activities_js},
    {"es-clipboard.js", es_clipboard_js, sizeof es_clipboard_js},
    {"es-desk.js", es_desk_js, sizeof es_desk_js},
    {"es-devices.js", es_devices_js, sizeof es_devices_js},
    {"es-ears.js", es_ears_js, sizeof es_ears_js},
    {"es-files.js", es_files_js, sizeof es_files_js},
    {"es-floor.js", es_floor_js, sizeof es_floor_js},
    {"es-hands.js", es_hands_js, sizeof es_hands_js},
    {"es-moderation.js", es_moderation_js, sizeof es_moderation_js},
    {"es-page.js", es_page_js, sizeof es_page_js},
    {"es-pointing.js", es_pointing_js, sizeof es_pointing_js},
    {"es-privacy.js", es_privacy_js, sizeof es_privacy_js},
    {"es-refusals.js", es_refusals_js, sizeof es_refusals_js},
    {"es-size.js", es_size_js, sizeof es_size_js},
    {"es-test.js", es_test_js, sizeof es_test_js},
    {"es-turns.js", es_turns_js, sizeof es_turns_js},
    {"es-typing.js", es_typing_js, sizeof es_typing_js},
    {"es-why.js", es_why_js, sizeof es_why_js},
    {"es.js", es_js, sizeof es_js},
    {"files-digest.js", files_digest_js, sizeof files_digest_js},
    {"files-download.js", files_download_js, sizeof files_download_js},
    {"files-notices.js", files_notices_js, sizeof files_notices_js},
    {"files-panel.js", files_panel_js, sizeof files_panel_js},
    {"files-protocol.js", files_protocol_js, sizeof files_protocol_js},
    {"files-rows.js", files_rows_js, sizeof files_rows_js},
    {"files-upload.js", files_upload_js, sizeof files_upload_js},
    {"files-window.js", files_window_js, sizeof files_window_js},
    {"files-words.js", files_words_js, sizeof files_words_js},
    {"files.css", files_css, sizeof files_css},
    {"files.js", files_js, sizeof files_js},
    {"floor-keys.js", floor_keys_js, sizeof floor_keys_js},
    {"floor-view.js", floor_view_js, sizeof floor_view_js},
    {"floor.css", floor_css, sizeof floor_css},
    {"floor.js", floor_js, sizeof floor_js},
    {"foreign.js", foreign_js, sizeof foreign_js},
    {"gate.js", gate_js, sizeof gate_js},
    {"geometry.js", geometry_js, sizeof geometry_js},
    {"give-control.js", give_control_js, sizeof give_control_js},
    {"hands.css", hands_css, sizeof hands_css},
    {"hands.js", hands_js, sizeof hands_js},
    {"health.js", health_js, sizeof health_js},
    {"held-state.js", held_state_js, sizeof held_state_js},
    {"hue.js", hue_js, sizeof hue_js},
    {"ice.js", ice_js, sizeof ice_js},
    {"icon.svg", icon_svg, sizeof icon_svg},
    {"identity.js", identity_js, sizeof identity_js},
    {"index.html", index_html, sizeof index_html},
    {"input-delay.js", input_delay_js, sizeof input_delay_js},
    {"input-watch.js", input_watch_js, sizeof input_watch_js},
    {"input.js", input_js, sizeof input_js},
    {"isolation.js", isolation_js, sizeof isolation_js},
    {"key-panel.js", key_panel_js, sizeof key_panel_js},
    {"key-places.js", key_places_js, sizeof key_places_js},
    {"keyboard-lock.js", keyboard_lock_js, sizeof keyboard_lock_js},
    {"keyboard.js", keyboard_js, sizeof keyboard_js},
    {"keysyms.js", keysyms_js, sizeof keysyms_js},
    {"labels.js", labels_js, sizeof labels_js},
    {"language-choice.js", language_choice_js, sizeof language_choice_js},
    {"language.js", language_js, sizeof language_js},
    {"latched-modifiers.js", latched_modifiers_js, sizeof latched_modifiers_js},
    {"layout.js", layout_js, sizeof layout_js},
    {"link-view.js", link_view_js, sizeof link_view_js},
    {"link.js", link_js, sizeof link_js},
    {"lobby-entry.js", lobby_entry_js, sizeof lobby_entry_js},
    {"lobby.js", lobby_js, sizeof lobby_js},
    {"lookalikes.js", lookalikes_js, sizeof lookalikes_js},
    {"main.js", main_js, sizeof main_js},
    {"mask-drawing.js", mask_drawing_js, sizeof mask_drawing_js},
    {"media.js", media_js, sizeof media_js},
    {"moderation-view.js", moderation_view_js, sizeof moderation_view_js},
    {"moderation.css", moderation_css, sizeof moderation_css},
    {"names.js", names_js, sizeof names_js},
    {"network-words.js", network_words_js, sizeof network_words_js},
    {"network.js", network_js, sizeof network_js},
    {"openapi.json", openapi_json, sizeof openapi_json},
    {"outbox.js", outbox_js, sizeof outbox_js},
    {"own-network.js", own_network_js, sizeof own_network_js},
    {"page-state-words.js", page_state_words_js, sizeof page_state_words_js},
    {"page-state.js", page_state_js, sizeof page_state_js},
    {"panels.css", panels_css, sizeof panels_css},
    {"path.js", path_js, sizeof path_js},
    {"people-list.js", people_list_js, sizeof people_list_js},
    {"person-dialog.js", person_dialog_js, sizeof person_dialog_js},
    {"personal-line.js", personal_line_js, sizeof personal_line_js},
    {"picture.js", picture_js, sizeof picture_js},
    {"pointers-view.js", pointers_view_js, sizeof pointers_view_js},
    {"pointers.css", pointers_css, sizeof pointers_css},
    {"pointing-input.js", pointing_input_js, sizeof pointing_input_js},
    {"pointing-protocol.js", pointing_protocol_js, sizeof pointing_protocol_js},
    {"pointing-sender.js", pointing_sender_js, sizeof pointing_sender_js},
    {"pointing.js", pointing_js, sizeof pointing_js},
    {"popup.js", popup_js, sizeof popup_js},
    {"privacy-panel.js", privacy_panel_js, sizeof privacy_panel_js},
    {"privacy-words.js", privacy_words_js, sizeof privacy_words_js},
    {"privacy.css", privacy_css, sizeof privacy_css},
    {"privacy.js", privacy_js, sizeof privacy_js},
    {"probe.js", probe_js, sizeof probe_js},
    {"protocol.js", protocol_js, sizeof protocol_js},
    {"publish.js", publish_js, sizeof publish_js},
    {"quality-words.js", quality_words_js, sizeof quality_words_js},
    {"reasons.js", reasons_js, sizeof reasons_js},
    {"recovery.js", recovery_js, sizeof recovery_js},
    {"refusal-words.js", refusal_words_js, sizeof refusal_words_js},
    {"regions.js", regions_js, sizeof regions_js},
    {"relative-pointer.js", relative_pointer_js, sizeof relative_pointer_js},
    {"requests.js", requests_js, sizeof requests_js},
    {"room.js", room_js, sizeof room_js},
    {"screen.js", screen_js, sizeof screen_js},
    {"selected-pair.js", selected_pair_js, sizeof selected_pair_js},
    {"senders.js", senders_js, sizeof senders_js},
    {"session-dialog.js", session_dialog_js, sizeof session_dialog_js},
    {"settings.js", settings_js, sizeof settings_js},
    {"shortcuts.js", shortcuts_js, sizeof shortcuts_js},
    {"signalling.js", signalling_js, sizeof signalling_js},
    {"sound-level.js", sound_level_js, sizeof sound_level_js},
    {"sound.js", sound_js, sizeof sound_js},
    {"speaker-in-sight.js", speaker_in_sight_js, sizeof speaker_in_sight_js},
    {"speaker.js", speaker_js, sizeof speaker_js},
    {"stage.css", stage_css, sizeof stage_css},
    {"standing.js", standing_js, sizeof standing_js},
    {"states.js", states_js, sizeof states_js},
    {"storage.js", storage_js, sizeof storage_js},
    {"style.css", style_css, sizeof style_css},
    {"subscribe.js", subscribe_js, sizeof subscribe_js},
    {"support-details.js", support_details_js, sizeof support_details_js},
    {"support-fold.js", support_fold_js, sizeof support_fold_js},
    {"support.css", support_css, sizeof support_css},
    {"text.js", text_js, sizeof text_js},
    {"tile-words.js", tile_words_js, sizeof tile_words_js},
    {"tile.js", tile_js, sizeof tile_js},
    {"tiles.css", tiles_css, sizeof tiles_css},
    {"tiles.js", tiles_js, sizeof tiles_js},
    {"tone.js", tone_js, sizeof tone_js},
    {"toolbar.js", toolbar_js, sizeof toolbar_js},
    {"touch.js", touch_js, sizeof touch_js},
    {"turn-taking-order.js", turn_taking_order_js, sizeof turn_taking_order_js},
    {"turn-taking-view.js", turn_taking_view_js, sizeof turn_taking_view_js},
    {"turn-taking-words.js", turn_taking_words_js, sizeof turn_taking_words_js},
    {"turn-taking.css", turn_taking_css, sizeof turn_taking_css},
    {"turn-taking.js", turn_taking_js, sizeof turn_taking_js},
    {"turns.js", turns_js, sizeof turns_js},
    {"two-fingers.js", two_fingers_js, sizeof two_fingers_js},
    {"typing-proof.js", typing_proof_js, sizeof typing_proof_js},
    {"typing.js", typing_js, sizeof typing_js},
    {"view.js", view_js, sizeof view_js},
    {"viewer-input.js", viewer_input_js, sizeof viewer_input_js},
    {"viewport.js", viewport_js, sizeof viewport_js},
    {"views.js", views_js, sizeof views_js},
    {"voices.js", voices_js, sizeof voices_js},
    {"wait-view.js", wait_view_js, sizeof wait_view_js},
    {"wait.css", wait_css, sizeof wait_css},
    {"wake-lock.js", wake_lock_js, sizeof wake_lock_js},
    {"watch-view.js", watch_view_js, sizeof watch_view_js},
    {"welcome.css", welcome_css, sizeof welcome_css},
    {"withheld-modifiers.js", withheld_modifiers_js, sizeof withheld_modifiers_js},
    {"zoom-view.js", zoom_view_js, sizeof zoom_view_js},
    {NULL, NULL, 0},
};

const struct CPage_file *CPage_files(void) { return files; }
