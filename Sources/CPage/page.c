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
}, catalogue_js[] = {
#embed "../Appliance/Page/catalogue.js"
}, chat_entry_js[] = {
#embed "../Appliance/Page/chat-entry.js"
}, chat_panel_js[] = {
#embed "../Appliance/Page/chat-panel.js"
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
}, clipboard_panel_js[] = {
#embed "../Appliance/Page/clipboard-panel.js"
}, clipboard_css[] = {
#embed "../Appliance/Page/clipboard.css"
}, closing_view_js[] = {
#embed "../Appliance/Page/closing-view.js"
}, conference_view_js[] = {
#embed "../Appliance/Page/conference-view.js"
}, control_words_js[] = {
#embed "../Appliance/Page/control-words.js"
}, curtain_key_js[] = {
#embed "../Appliance/Page/curtain-key.js"
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
}, device_check_js[] = {
#embed "../Appliance/Page/device-check.js"
}, device_offer_js[] = {
#embed "../Appliance/Page/device-offer.js"
}, diagnosis_js[] = {
#embed "../Appliance/Page/diagnosis.js"
}, drops_js[] = {
#embed "../Appliance/Page/drops.js"
}, en_activities_js[] = {
#embed "../Appliance/Page/en-activities.js"
}, en_clipboard_js[] = {
#embed "../Appliance/Page/en-clipboard.js"
}, en_desk_js[] = {
#embed "../Appliance/Page/en-desk.js"
}, en_drivers_js[] = {
#embed "../Appliance/Page/en-drivers.js"
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
}, en_outside_js[] = {
#embed "../Appliance/Page/en-outside.js"
}, en_page_js[] = {
#embed "../Appliance/Page/en-page.js"
}, en_pointing_js[] = {
#embed "../Appliance/Page/en-pointing.js"
}, en_privacy_js[] = {
#embed "../Appliance/Page/en-privacy.js"
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
}, es_drivers_js[] = {
#embed "../Appliance/Page/es-drivers.js"
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
}, es_outside_js[] = {
#embed "../Appliance/Page/es-outside.js"
}, es_page_js[] = {
#embed "../Appliance/Page/es-page.js"
}, es_pointing_js[] = {
#embed "../Appliance/Page/es-pointing.js"
}, es_privacy_js[] = {
#embed "../Appliance/Page/es-privacy.js"
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
}, files_notices_js[] = {
#embed "../Appliance/Page/files-notices.js"
}, files_panel_js[] = {
#embed "../Appliance/Page/files-panel.js"
}, files_rows_js[] = {
#embed "../Appliance/Page/files-rows.js"
}, files_words_js[] = {
#embed "../Appliance/Page/files-words.js"
}, files_css[] = {
#embed "../Appliance/Page/files.css"
}, floor_keys_js[] = {
#embed "../Appliance/Page/floor-keys.js"
}, floor_view_js[] = {
#embed "../Appliance/Page/floor-view.js"
}, floor_css[] = {
#embed "../Appliance/Page/floor.css"
}, frame_js[] = {
#embed "../Appliance/Page/frame.js"
}, give_control_js[] = {
#embed "../Appliance/Page/give-control.js"
}, hands_css[] = {
#embed "../Appliance/Page/hands.css"
}, hands_js[] = {
#embed "../Appliance/Page/hands.js"
}, hue_js[] = {
#embed "../Appliance/Page/hue.js"
}, icon_svg[] = {
#embed "../Appliance/Page/icon.svg"
}, index_html[] = {
#embed "../Appliance/Page/index.html"
}, input_delay_js[] = {
#embed "../Appliance/Page/input-delay.js"
}, input_watch_js[] = {
#embed "../Appliance/Page/input-watch.js"
}, key_panel_js[] = {
#embed "../Appliance/Page/key-panel.js"
}, labels_js[] = {
#embed "../Appliance/Page/labels.js"
}, language_choice_js[] = {
#embed "../Appliance/Page/language-choice.js"
}, language_js[] = {
#embed "../Appliance/Page/language.js"
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
}, main_js[] = {
#embed "../Appliance/Page/main.js"
}, mask_drawing_js[] = {
#embed "../Appliance/Page/mask-drawing.js"
}, moderation_view_js[] = {
#embed "../Appliance/Page/moderation-view.js"
}, moderation_css[] = {
#embed "../Appliance/Page/moderation.css"
}, network_words_js[] = {
#embed "../Appliance/Page/network-words.js"
}, openapi_json[] = {
#embed "../Appliance/Page/openapi.json"
}, outside_view_js[] = {
#embed "../Appliance/Page/outside-view.js"
}, page_state_words_js[] = {
#embed "../Appliance/Page/page-state-words.js"
}, page_state_js[] = {
#embed "../Appliance/Page/page-state.js"
}, panels_css[] = {
#embed "../Appliance/Page/panels.css"
}, people_list_js[] = {
#embed "../Appliance/Page/people-list.js"
}, person_dialog_js[] = {
#embed "../Appliance/Page/person-dialog.js"
}, personal_line_js[] = {
#embed "../Appliance/Page/personal-line.js"
}, pointers_view_js[] = {
#embed "../Appliance/Page/pointers-view.js"
}, pointers_css[] = {
#embed "../Appliance/Page/pointers.css"
}, pointing_input_js[] = {
#embed "../Appliance/Page/pointing-input.js"
}, popup_js[] = {
#embed "../Appliance/Page/popup.js"
}, privacy_panel_js[] = {
#embed "../Appliance/Page/privacy-panel.js"
}, privacy_words_js[] = {
#embed "../Appliance/Page/privacy-words.js"
}, privacy_css[] = {
#embed "../Appliance/Page/privacy.css"
}, quality_words_js[] = {
#embed "../Appliance/Page/quality-words.js"
}, regions_js[] = {
#embed "../Appliance/Page/regions.js"
}, relative_pointer_js[] = {
#embed "../Appliance/Page/relative-pointer.js"
}, requests_js[] = {
#embed "../Appliance/Page/requests.js"
}, screen_js[] = {
#embed "../Appliance/Page/screen.js"
}, session_dialog_js[] = {
#embed "../Appliance/Page/session-dialog.js"
}, settings_js[] = {
#embed "../Appliance/Page/settings.js"
}, shortcuts_js[] = {
#embed "../Appliance/Page/shortcuts.js"
}, sound_level_js[] = {
#embed "../Appliance/Page/sound-level.js"
}, speaker_in_sight_js[] = {
#embed "../Appliance/Page/speaker-in-sight.js"
}, stage_css[] = {
#embed "../Appliance/Page/stage.css"
}, states_js[] = {
#embed "../Appliance/Page/states.js"
}, style_css[] = {
#embed "../Appliance/Page/style.css"
}, support_fold_js[] = {
#embed "../Appliance/Page/support-fold.js"
}, support_css[] = {
#embed "../Appliance/Page/support.css"
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
}, turn_taking_order_js[] = {
#embed "../Appliance/Page/turn-taking-order.js"
}, turn_taking_view_js[] = {
#embed "../Appliance/Page/turn-taking-view.js"
}, turn_taking_words_js[] = {
#embed "../Appliance/Page/turn-taking-words.js"
}, turn_taking_css[] = {
#embed "../Appliance/Page/turn-taking.css"
}, view_js[] = {
#embed "../Appliance/Page/view.js"
}, views_js[] = {
#embed "../Appliance/Page/views.js"
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
}, zoom_view_js[] = {
#embed "../Appliance/Page/zoom-view.js"
}, client_address_js[] = {
#embed "../Appliance/Page/client/address.js"
}, client_browser_shortcuts_js[] = {
#embed "../Appliance/Page/client/browser-shortcuts.js"
}, client_camera_sender_js[] = {
#embed "../Appliance/Page/client/camera-sender.js"
}, client_capture_words_js[] = {
#embed "../Appliance/Page/client/capture-words.js"
}, client_capture_js[] = {
#embed "../Appliance/Page/client/capture.js"
}, client_catalogue_js[] = {
#embed "../Appliance/Page/client/catalogue.js"
}, client_chat_length_js[] = {
#embed "../Appliance/Page/client/chat-length.js"
}, client_chat_js[] = {
#embed "../Appliance/Page/client/chat.js"
}, client_clipboard_keys_js[] = {
#embed "../Appliance/Page/client/clipboard-keys.js"
}, client_clipboard_local_js[] = {
#embed "../Appliance/Page/client/clipboard-local.js"
}, client_clipboard_protocol_js[] = {
#embed "../Appliance/Page/client/clipboard-protocol.js"
}, client_clipboard_transfers_js[] = {
#embed "../Appliance/Page/client/clipboard-transfers.js"
}, client_clipboard_words_js[] = {
#embed "../Appliance/Page/client/clipboard-words.js"
}, client_clipboard_js[] = {
#embed "../Appliance/Page/client/clipboard.js"
}, client_codecs_js[] = {
#embed "../Appliance/Page/client/codecs.js"
}, client_conference_js[] = {
#embed "../Appliance/Page/client/conference.js"
}, client_connection_steps_js[] = {
#embed "../Appliance/Page/client/connection-steps.js"
}, client_connection_watch_js[] = {
#embed "../Appliance/Page/client/connection-watch.js"
}, client_control_js[] = {
#embed "../Appliance/Page/client/control.js"
}, client_cursor_js[] = {
#embed "../Appliance/Page/client/cursor.js"
}, client_departure_js[] = {
#embed "../Appliance/Page/client/departure.js"
}, client_desk_element_js[] = {
#embed "../Appliance/Page/client/desk-element.js"
}, client_desk_size_js[] = {
#embed "../Appliance/Page/client/desk-size.js"
}, client_desk_surface_js[] = {
#embed "../Appliance/Page/client/desk-surface.js"
}, client_deskroom_client_js[] = {
#embed "../Appliance/Page/client/deskroom-client.js"
}, client_device_choices_js[] = {
#embed "../Appliance/Page/client/device-choices.js"
}, client_devices_js[] = {
#embed "../Appliance/Page/client/devices.js"
}, client_diagnosis_js[] = {
#embed "../Appliance/Page/client/diagnosis.js"
}, client_drivers_js[] = {
#embed "../Appliance/Page/client/drivers.js"
}, client_driving_js[] = {
#embed "../Appliance/Page/client/driving.js"
}, client_durations_js[] = {
#embed "../Appliance/Page/client/durations.js"
}, client_edge_pan_js[] = {
#embed "../Appliance/Page/client/edge-pan.js"
}, client_en_copying_js[] = {
#embed "../Appliance/Page/client/en-copying.js"
}, client_en_devices_js[] = {
#embed "../Appliance/Page/client/en-devices.js"
}, client_en_library_js[] = {
#embed "../Appliance/Page/client/en-library.js"
}, client_en_refusals_js[] = {
#embed "../Appliance/Page/client/en-refusals.js"
}, client_en_room_js[] = {
#embed "../Appliance/Page/client/en-room.js"
}, client_es_copying_js[] = {
#embed "../Appliance/Page/client/es-copying.js"
}, client_es_devices_js[] = {
#embed "../Appliance/Page/client/es-devices.js"
}, client_es_library_js[] = {
#embed "../Appliance/Page/client/es-library.js"
}, client_es_refusals_js[] = {
#embed "../Appliance/Page/client/es-refusals.js"
}, client_es_room_js[] = {
#embed "../Appliance/Page/client/es-room.js"
}, client_files_digest_js[] = {
#embed "../Appliance/Page/client/files-digest.js"
}, client_files_download_js[] = {
#embed "../Appliance/Page/client/files-download.js"
}, client_files_protocol_js[] = {
#embed "../Appliance/Page/client/files-protocol.js"
}, client_files_upload_js[] = {
#embed "../Appliance/Page/client/files-upload.js"
}, client_files_window_js[] = {
#embed "../Appliance/Page/client/files-window.js"
}, client_files_js[] = {
#embed "../Appliance/Page/client/files.js"
}, client_floor_js[] = {
#embed "../Appliance/Page/client/floor.js"
}, client_foreign_js[] = {
#embed "../Appliance/Page/client/foreign.js"
}, client_gate_js[] = {
#embed "../Appliance/Page/client/gate.js"
}, client_geometry_js[] = {
#embed "../Appliance/Page/client/geometry.js"
}, client_health_js[] = {
#embed "../Appliance/Page/client/health.js"
}, client_held_state_js[] = {
#embed "../Appliance/Page/client/held-state.js"
}, client_ice_js[] = {
#embed "../Appliance/Page/client/ice.js"
}, client_identity_js[] = {
#embed "../Appliance/Page/client/identity.js"
}, client_input_js[] = {
#embed "../Appliance/Page/client/input.js"
}, client_isolation_js[] = {
#embed "../Appliance/Page/client/isolation.js"
}, client_key_places_js[] = {
#embed "../Appliance/Page/client/key-places.js"
}, client_keyboard_lock_js[] = {
#embed "../Appliance/Page/client/keyboard-lock.js"
}, client_keyboard_js[] = {
#embed "../Appliance/Page/client/keyboard.js"
}, client_keysyms_js[] = {
#embed "../Appliance/Page/client/keysyms.js"
}, client_languages_js[] = {
#embed "../Appliance/Page/client/languages.js"
}, client_latched_modifiers_js[] = {
#embed "../Appliance/Page/client/latched-modifiers.js"
}, client_lookalikes_js[] = {
#embed "../Appliance/Page/client/lookalikes.js"
}, client_media_js[] = {
#embed "../Appliance/Page/client/media.js"
}, client_names_js[] = {
#embed "../Appliance/Page/client/names.js"
}, client_network_js[] = {
#embed "../Appliance/Page/client/network.js"
}, client_outbox_js[] = {
#embed "../Appliance/Page/client/outbox.js"
}, client_outcome_words_js[] = {
#embed "../Appliance/Page/client/outcome-words.js"
}, client_oversight_js[] = {
#embed "../Appliance/Page/client/oversight.js"
}, client_own_network_js[] = {
#embed "../Appliance/Page/client/own-network.js"
}, client_path_js[] = {
#embed "../Appliance/Page/client/path.js"
}, client_picture_js[] = {
#embed "../Appliance/Page/client/picture.js"
}, client_pointer_lock_js[] = {
#embed "../Appliance/Page/client/pointer-lock.js"
}, client_pointing_protocol_js[] = {
#embed "../Appliance/Page/client/pointing-protocol.js"
}, client_pointing_sender_js[] = {
#embed "../Appliance/Page/client/pointing-sender.js"
}, client_pointing_js[] = {
#embed "../Appliance/Page/client/pointing.js"
}, client_privacy_js[] = {
#embed "../Appliance/Page/client/privacy.js"
}, client_probe_js[] = {
#embed "../Appliance/Page/client/probe.js"
}, client_protocol_js[] = {
#embed "../Appliance/Page/client/protocol.js"
}, client_publish_js[] = {
#embed "../Appliance/Page/client/publish.js"
}, client_reasons_js[] = {
#embed "../Appliance/Page/client/reasons.js"
}, client_recovery_js[] = {
#embed "../Appliance/Page/client/recovery.js"
}, client_refusal_words_js[] = {
#embed "../Appliance/Page/client/refusal-words.js"
}, client_room_error_js[] = {
#embed "../Appliance/Page/client/room-error.js"
}, client_room_js[] = {
#embed "../Appliance/Page/client/room.js"
}, client_selected_pair_js[] = {
#embed "../Appliance/Page/client/selected-pair.js"
}, client_senders_js[] = {
#embed "../Appliance/Page/client/senders.js"
}, client_signalling_js[] = {
#embed "../Appliance/Page/client/signalling.js"
}, client_sound_js[] = {
#embed "../Appliance/Page/client/sound.js"
}, client_speaker_js[] = {
#embed "../Appliance/Page/client/speaker.js"
}, client_standing_js[] = {
#embed "../Appliance/Page/client/standing.js"
}, client_storage_js[] = {
#embed "../Appliance/Page/client/storage.js"
}, client_subscribe_js[] = {
#embed "../Appliance/Page/client/subscribe.js"
}, client_support_details_js[] = {
#embed "../Appliance/Page/client/support-details.js"
}, client_text_js[] = {
#embed "../Appliance/Page/client/text.js"
}, client_touch_js[] = {
#embed "../Appliance/Page/client/touch.js"
}, client_transferred_js[] = {
#embed "../Appliance/Page/client/transferred.js"
}, client_turn_taking_js[] = {
#embed "../Appliance/Page/client/turn-taking.js"
}, client_turns_js[] = {
#embed "../Appliance/Page/client/turns.js"
}, client_two_fingers_js[] = {
#embed "../Appliance/Page/client/two-fingers.js"
}, client_typing_proof_js[] = {
#embed "../Appliance/Page/client/typing-proof.js"
}, client_typing_js[] = {
#embed "../Appliance/Page/client/typing.js"
}, client_viewer_input_js[] = {
#embed "../Appliance/Page/client/viewer-input.js"
}, client_viewport_js[] = {
#embed "../Appliance/Page/client/viewport.js"
}, client_voices_js[] = {
#embed "../Appliance/Page/client/voices.js"
}, client_withheld_modifiers_js[] = {
#embed "../Appliance/Page/client/withheld-modifiers.js"
};

static const struct CPage_file files[] = {
    {"activities-panel.js", activities_panel_js, sizeof activities_panel_js},
    {"activities-words.js", activities_words_js, sizeof activities_words_js},
    {"activities.css", activities_css, sizeof activities_css},
    {"activities.js", activities_js, sizeof activities_js},
    {"announcer.js", announcer_js, sizeof announcer_js},
    {"bar.css", bar_css, sizeof bar_css},
    {"catalogue.js", catalogue_js, sizeof catalogue_js},
    {"chat-entry.js", chat_entry_js, sizeof chat_entry_js},
    {"chat-panel.js", chat_panel_js, sizeof chat_panel_js},
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
    {"clipboard-panel.js", clipboard_panel_js, sizeof clipboard_panel_js},
    {"clipboard.css", clipboard_css, sizeof clipboard_css},
    {"closing-view.js", closing_view_js, sizeof closing_view_js},
    {"conference-view.js", conference_view_js, sizeof conference_view_js},
    {"control-words.js", control_words_js, sizeof control_words_js},
    {"curtain-key.js", curtain_key_js, sizeof curtain_key_js},
    {"desk-ears-view.js", desk_ears_view_js, sizeof desk_ears_view_js},
    {"desk-ears.css", desk_ears_css, sizeof desk_ears_css},
    {"desk-ears.js", desk_ears_js, sizeof desk_ears_js},
    {"desk-layout-guess.js", desk_layout_guess_js, sizeof desk_layout_guess_js},
    {"desk-layout.js", desk_layout_js, sizeof desk_layout_js},
    {"desk-panel.js", desk_panel_js, sizeof desk_panel_js},
    {"desk-size-fit.js", desk_size_fit_js, sizeof desk_size_fit_js},
    {"desk-size-view.js", desk_size_view_js, sizeof desk_size_view_js},
    {"desk-size.css", desk_size_css, sizeof desk_size_css},
    {"device-check.js", device_check_js, sizeof device_check_js},
    {"device-offer.js", device_offer_js, sizeof device_offer_js},
    {"diagnosis.js", diagnosis_js, sizeof diagnosis_js},
    {"drops.js", drops_js, sizeof drops_js},
    {"en-activities.js", en_activities_js, sizeof en_activities_js},
    {"en-clipboard.js", en_clipboard_js, sizeof en_clipboard_js},
    {"en-desk.js", en_desk_js, sizeof en_desk_js},
    {"en-drivers.js", en_drivers_js, sizeof en_drivers_js},
    {"en-ears.js", en_ears_js, sizeof en_ears_js},
    {"en-files.js", en_files_js, sizeof en_files_js},
    {"en-floor.js", en_floor_js, sizeof en_floor_js},
    {"en-hands.js", en_hands_js, sizeof en_hands_js},
    {"en-moderation.js", en_moderation_js, sizeof en_moderation_js},
    {"en-outside.js", en_outside_js, sizeof en_outside_js},
    {"en-page.js", en_page_js, sizeof en_page_js},
    {"en-pointing.js", en_pointing_js, sizeof en_pointing_js},
    {"en-privacy.js", en_privacy_js, sizeof en_privacy_js},
    {"en-size.js", en_size_js, sizeof en_size_js},
    {"en-test.js", en_test_js, sizeof en_test_js},
    {"en-turns.js", en_turns_js, sizeof en_turns_js},
    {"en-typing.js", en_typing_js, sizeof en_typing_js},
    {"en-why.js", en_why_js, sizeof en_why_js},
    {"en.js", en_js, sizeof en_js},
    {"es-activities.js", es_activities_js, sizeof es_activities_js},
    {"es-clipboard.js", es_clipboard_js, sizeof es_clipboard_js},
    {"es-desk.js", es_desk_js, sizeof es_desk_js},
    {"es-drivers.js", es_drivers_js, sizeof es_drivers_js},
    {"es-ears.js", es_ears_js, sizeof es_ears_js},
    {"es-files.js", es_files_js, sizeof es_files_js},
    {"es-floor.js", es_floor_js, sizeof es_floor_js},
    {"es-hands.js", es_hands_js, sizeof es_hands_js},
    {"es-moderation.js", es_moderation_js, sizeof es_moderation_js},
    {"es-outside.js", es_outside_js, sizeof es_outside_js},
    {"es-page.js", es_page_js, sizeof es_page_js},
    {"es-pointing.js", es_pointing_js, sizeof es_pointing_js},
    {"es-privacy.js", es_privacy_js, sizeof es_privacy_js},
    {"es-size.js", es_size_js, sizeof es_size_js},
    {"es-test.js", es_test_js, sizeof es_test_js},
    {"es-turns.js", es_turns_js, sizeof es_turns_js},
    {"es-typing.js", es_typing_js, sizeof es_typing_js},
    {"es-why.js", es_why_js, sizeof es_why_js},
    {"es.js", es_js, sizeof es_js},
    {"files-notices.js", files_notices_js, sizeof files_notices_js},
    {"files-panel.js", files_panel_js, sizeof files_panel_js},
    {"files-rows.js", files_rows_js, sizeof files_rows_js},
    {"files-words.js", files_words_js, sizeof files_words_js},
    {"files.css", files_css, sizeof files_css},
    {"floor-keys.js", floor_keys_js, sizeof floor_keys_js},
    {"floor-view.js", floor_view_js, sizeof floor_view_js},
    {"floor.css", floor_css, sizeof floor_css},
    {"frame.js", frame_js, sizeof frame_js},
    {"give-control.js", give_control_js, sizeof give_control_js},
    {"hands.css", hands_css, sizeof hands_css},
    {"hands.js", hands_js, sizeof hands_js},
    {"hue.js", hue_js, sizeof hue_js},
    {"icon.svg", icon_svg, sizeof icon_svg},
    {"index.html", index_html, sizeof index_html},
    {"input-delay.js", input_delay_js, sizeof input_delay_js},
    {"input-watch.js", input_watch_js, sizeof input_watch_js},
    {"key-panel.js", key_panel_js, sizeof key_panel_js},
    {"labels.js", labels_js, sizeof labels_js},
    {"language-choice.js", language_choice_js, sizeof language_choice_js},
    {"language.js", language_js, sizeof language_js},
    {"layout.js", layout_js, sizeof layout_js},
    {"link-view.js", link_view_js, sizeof link_view_js},
    {"link.js", link_js, sizeof link_js},
    {"lobby-entry.js", lobby_entry_js, sizeof lobby_entry_js},
    {"lobby.js", lobby_js, sizeof lobby_js},
    {"main.js", main_js, sizeof main_js},
    {"mask-drawing.js", mask_drawing_js, sizeof mask_drawing_js},
    {"moderation-view.js", moderation_view_js, sizeof moderation_view_js},
    {"moderation.css", moderation_css, sizeof moderation_css},
    {"network-words.js", network_words_js, sizeof network_words_js},
    {"openapi.json", openapi_json, sizeof openapi_json},
    {"outside-view.js", outside_view_js, sizeof outside_view_js},
    {"page-state-words.js", page_state_words_js, sizeof page_state_words_js},
    {"page-state.js", page_state_js, sizeof page_state_js},
    {"panels.css", panels_css, sizeof panels_css},
    {"people-list.js", people_list_js, sizeof people_list_js},
    {"person-dialog.js", person_dialog_js, sizeof person_dialog_js},
    {"personal-line.js", personal_line_js, sizeof personal_line_js},
    {"pointers-view.js", pointers_view_js, sizeof pointers_view_js},
    {"pointers.css", pointers_css, sizeof pointers_css},
    {"pointing-input.js", pointing_input_js, sizeof pointing_input_js},
    {"popup.js", popup_js, sizeof popup_js},
    {"privacy-panel.js", privacy_panel_js, sizeof privacy_panel_js},
    {"privacy-words.js", privacy_words_js, sizeof privacy_words_js},
    {"privacy.css", privacy_css, sizeof privacy_css},
    {"quality-words.js", quality_words_js, sizeof quality_words_js},
    {"regions.js", regions_js, sizeof regions_js},
    {"relative-pointer.js", relative_pointer_js, sizeof relative_pointer_js},
    {"requests.js", requests_js, sizeof requests_js},
    {"screen.js", screen_js, sizeof screen_js},
    {"session-dialog.js", session_dialog_js, sizeof session_dialog_js},
    {"settings.js", settings_js, sizeof settings_js},
    {"shortcuts.js", shortcuts_js, sizeof shortcuts_js},
    {"sound-level.js", sound_level_js, sizeof sound_level_js},
    {"speaker-in-sight.js", speaker_in_sight_js, sizeof speaker_in_sight_js},
    {"stage.css", stage_css, sizeof stage_css},
    {"states.js", states_js, sizeof states_js},
    {"style.css", style_css, sizeof style_css},
    {"support-fold.js", support_fold_js, sizeof support_fold_js},
    {"support.css", support_css, sizeof support_css},
    {"tile-words.js", tile_words_js, sizeof tile_words_js},
    {"tile.js", tile_js, sizeof tile_js},
    {"tiles.css", tiles_css, sizeof tiles_css},
    {"tiles.js", tiles_js, sizeof tiles_js},
    {"tone.js", tone_js, sizeof tone_js},
    {"toolbar.js", toolbar_js, sizeof toolbar_js},
    {"turn-taking-order.js", turn_taking_order_js, sizeof turn_taking_order_js},
    {"turn-taking-view.js", turn_taking_view_js, sizeof turn_taking_view_js},
    {"turn-taking-words.js", turn_taking_words_js, sizeof turn_taking_words_js},
    {"turn-taking.css", turn_taking_css, sizeof turn_taking_css},
    {"view.js", view_js, sizeof view_js},
    {"views.js", views_js, sizeof views_js},
    {"wait-view.js", wait_view_js, sizeof wait_view_js},
    {"wait.css", wait_css, sizeof wait_css},
    {"wake-lock.js", wake_lock_js, sizeof wake_lock_js},
    {"watch-view.js", watch_view_js, sizeof watch_view_js},
    {"welcome.css", welcome_css, sizeof welcome_css},
    {"zoom-view.js", zoom_view_js, sizeof zoom_view_js},
    {"client/address.js", client_address_js, sizeof client_address_js},
    {"client/browser-shortcuts.js", client_browser_shortcuts_js, sizeof client_browser_shortcuts_js},
    {"client/camera-sender.js", client_camera_sender_js, sizeof client_camera_sender_js},
    {"client/capture-words.js", client_capture_words_js, sizeof client_capture_words_js},
    {"client/capture.js", client_capture_js, sizeof client_capture_js},
    {"client/catalogue.js", client_catalogue_js, sizeof client_catalogue_js},
    {"client/chat-length.js", client_chat_length_js, sizeof client_chat_length_js},
    {"client/chat.js", client_chat_js, sizeof client_chat_js},
    {"client/clipboard-keys.js", client_clipboard_keys_js, sizeof client_clipboard_keys_js},
    {"client/clipboard-local.js", client_clipboard_local_js, sizeof client_clipboard_local_js},
    {"client/clipboard-protocol.js", client_clipboard_protocol_js, sizeof client_clipboard_protocol_js},
    {"client/clipboard-transfers.js", client_clipboard_transfers_js, sizeof client_clipboard_transfers_js},
    {"client/clipboard-words.js", client_clipboard_words_js, sizeof client_clipboard_words_js},
    {"client/clipboard.js", client_clipboard_js, sizeof client_clipboard_js},
    {"client/codecs.js", client_codecs_js, sizeof client_codecs_js},
    {"client/conference.js", client_conference_js, sizeof client_conference_js},
    {"client/connection-steps.js", client_connection_steps_js, sizeof client_connection_steps_js},
    {"client/connection-watch.js", client_connection_watch_js, sizeof client_connection_watch_js},
    {"client/control.js", client_control_js, sizeof client_control_js},
    {"client/cursor.js", client_cursor_js, sizeof client_cursor_js},
    {"client/departure.js", client_departure_js, sizeof client_departure_js},
    {"client/desk-element.js", client_desk_element_js, sizeof client_desk_element_js},
    {"client/desk-size.js", client_desk_size_js, sizeof client_desk_size_js},
    {"client/desk-surface.js", client_desk_surface_js, sizeof client_desk_surface_js},
    {"client/deskroom-client.js", client_deskroom_client_js, sizeof client_deskroom_client_js},
    {"client/device-choices.js", client_device_choices_js, sizeof client_device_choices_js},
    {"client/devices.js", client_devices_js, sizeof client_devices_js},
    {"client/diagnosis.js", client_diagnosis_js, sizeof client_diagnosis_js},
    {"client/drivers.js", client_drivers_js, sizeof client_drivers_js},
    {"client/driving.js", client_driving_js, sizeof client_driving_js},
    {"client/durations.js", client_durations_js, sizeof client_durations_js},
    {"client/edge-pan.js", client_edge_pan_js, sizeof client_edge_pan_js},
    {"client/en-copying.js", client_en_copying_js, sizeof client_en_copying_js},
    {"client/en-devices.js", client_en_devices_js, sizeof client_en_devices_js},
    {"client/en-library.js", client_en_library_js, sizeof client_en_library_js},
    {"client/en-refusals.js", client_en_refusals_js, sizeof client_en_refusals_js},
    {"client/en-room.js", client_en_room_js, sizeof client_en_room_js},
    {"client/es-copying.js", client_es_copying_js, sizeof client_es_copying_js},
    {"client/es-devices.js", client_es_devices_js, sizeof client_es_devices_js},
    {"client/es-library.js", client_es_library_js, sizeof client_es_library_js},
    {"client/es-refusals.js", client_es_refusals_js, sizeof client_es_refusals_js},
    {"client/es-room.js", client_es_room_js, sizeof client_es_room_js},
    {"client/files-digest.js", client_files_digest_js, sizeof client_files_digest_js},
    {"client/files-download.js", client_files_download_js, sizeof client_files_download_js},
    {"client/files-protocol.js", client_files_protocol_js, sizeof client_files_protocol_js},
    {"client/files-upload.js", client_files_upload_js, sizeof client_files_upload_js},
    {"client/files-window.js", client_files_window_js, sizeof client_files_window_js},
    {"client/files.js", client_files_js, sizeof client_files_js},
    {"client/floor.js", client_floor_js, sizeof client_floor_js},
    {"client/foreign.js", client_foreign_js, sizeof client_foreign_js},
    {"client/gate.js", client_gate_js, sizeof client_gate_js},
    {"client/geometry.js", client_geometry_js, sizeof client_geometry_js},
    {"client/health.js", client_health_js, sizeof client_health_js},
    {"client/held-state.js", client_held_state_js, sizeof client_held_state_js},
    {"client/ice.js", client_ice_js, sizeof client_ice_js},
    {"client/identity.js", client_identity_js, sizeof client_identity_js},
    {"client/input.js", client_input_js, sizeof client_input_js},
    {"client/isolation.js", client_isolation_js, sizeof client_isolation_js},
    {"client/key-places.js", client_key_places_js, sizeof client_key_places_js},
    {"client/keyboard-lock.js", client_keyboard_lock_js, sizeof client_keyboard_lock_js},
    {"client/keyboard.js", client_keyboard_js, sizeof client_keyboard_js},
    {"client/keysyms.js", client_keysyms_js, sizeof client_keysyms_js},
    {"client/languages.js", client_languages_js, sizeof client_languages_js},
    {"client/latched-modifiers.js", client_latched_modifiers_js, sizeof client_latched_modifiers_js},
    {"client/lookalikes.js", client_lookalikes_js, sizeof client_lookalikes_js},
    {"client/media.js", client_media_js, sizeof client_media_js},
    {"client/names.js", client_names_js, sizeof client_names_js},
    {"client/network.js", client_network_js, sizeof client_network_js},
    {"client/outbox.js", client_outbox_js, sizeof client_outbox_js},
    {"client/outcome-words.js", client_outcome_words_js, sizeof client_outcome_words_js},
    {"client/oversight.js", client_oversight_js, sizeof client_oversight_js},
    {"client/own-network.js", client_own_network_js, sizeof client_own_network_js},
    {"client/path.js", client_path_js, sizeof client_path_js},
    {"client/picture.js", client_picture_js, sizeof client_picture_js},
    {"client/pointer-lock.js", client_pointer_lock_js, sizeof client_pointer_lock_js},
    {"client/pointing-protocol.js", client_pointing_protocol_js, sizeof client_pointing_protocol_js},
    {"client/pointing-sender.js", client_pointing_sender_js, sizeof client_pointing_sender_js},
    {"client/pointing.js", client_pointing_js, sizeof client_pointing_js},
    {"client/privacy.js", client_privacy_js, sizeof client_privacy_js},
    {"client/probe.js", client_probe_js, sizeof client_probe_js},
    {"client/protocol.js", client_protocol_js, sizeof client_protocol_js},
    {"client/publish.js", client_publish_js, sizeof client_publish_js},
    {"client/reasons.js", client_reasons_js, sizeof client_reasons_js},
    {"client/recovery.js", client_recovery_js, sizeof client_recovery_js},
    {"client/refusal-words.js", client_refusal_words_js, sizeof client_refusal_words_js},
    {"client/room-error.js", client_room_error_js, sizeof client_room_error_js},
    {"client/room.js", client_room_js, sizeof client_room_js},
    {"client/selected-pair.js", client_selected_pair_js, sizeof client_selected_pair_js},
    {"client/senders.js", client_senders_js, sizeof client_senders_js},
    {"client/signalling.js", client_signalling_js, sizeof client_signalling_js},
    {"client/sound.js", client_sound_js, sizeof client_sound_js},
    {"client/speaker.js", client_speaker_js, sizeof client_speaker_js},
    {"client/standing.js", client_standing_js, sizeof client_standing_js},
    {"client/storage.js", client_storage_js, sizeof client_storage_js},
    {"client/subscribe.js", client_subscribe_js, sizeof client_subscribe_js},
    {"client/support-details.js", client_support_details_js, sizeof client_support_details_js},
    {"client/text.js", client_text_js, sizeof client_text_js},
    {"client/touch.js", client_touch_js, sizeof client_touch_js},
    {"client/transferred.js", client_transferred_js, sizeof client_transferred_js},
    {"client/turn-taking.js", client_turn_taking_js, sizeof client_turn_taking_js},
    {"client/turns.js", client_turns_js, sizeof client_turns_js},
    {"client/two-fingers.js", client_two_fingers_js, sizeof client_two_fingers_js},
    {"client/typing-proof.js", client_typing_proof_js, sizeof client_typing_proof_js},
    {"client/typing.js", client_typing_js, sizeof client_typing_js},
    {"client/viewer-input.js", client_viewer_input_js, sizeof client_viewer_input_js},
    {"client/viewport.js", client_viewport_js, sizeof client_viewport_js},
    {"client/voices.js", client_voices_js, sizeof client_voices_js},
    {"client/withheld-modifiers.js", client_withheld_modifiers_js, sizeof client_withheld_modifiers_js},
    {NULL, NULL, 0},
};

const struct CPage_file *CPage_files(void) { return files; }
