// A new file of Sources/Appliance/Page needs an array and an entry here.
#include "CPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char bar_css[] = {
#embed "../Appliance/Page/bar.css"
};

static const unsigned char codecs_js[] = {
#embed "../Appliance/Page/codecs.js"
};

static const unsigned char control_words_js[] = {
#embed "../Appliance/Page/control-words.js"
};

static const unsigned char control_js[] = {
#embed "../Appliance/Page/control.js"
};

static const unsigned char cursor_js[] = {
#embed "../Appliance/Page/cursor.js"
};

static const unsigned char diagnosis_js[] = {
#embed "../Appliance/Page/diagnosis.js"
};

static const unsigned char geometry_js[] = {
#embed "../Appliance/Page/geometry.js"
};

static const unsigned char health_js[] = {
#embed "../Appliance/Page/health.js"
};

static const unsigned char icon_svg[] = {
#embed "../Appliance/Page/icon.svg"
};

static const unsigned char identity_js[] = {
#embed "../Appliance/Page/identity.js"
};

static const unsigned char index_html[] = {
#embed "../Appliance/Page/index.html"
};

static const unsigned char input_js[] = {
#embed "../Appliance/Page/input.js"
};

static const unsigned char keyboard_js[] = {
#embed "../Appliance/Page/keyboard.js"
};

static const unsigned char keysyms_js[] = {
#embed "../Appliance/Page/keysyms.js"
};

static const unsigned char main_js[] = {
#embed "../Appliance/Page/main.js"
};

static const unsigned char network_js[] = {
#embed "../Appliance/Page/network.js"
};

static const unsigned char path_js[] = {
#embed "../Appliance/Page/path.js"
};

static const unsigned char picture_js[] = {
#embed "../Appliance/Page/picture.js"
};

static const unsigned char protocol_js[] = {
#embed "../Appliance/Page/protocol.js"
};

static const unsigned char publish_js[] = {
#embed "../Appliance/Page/publish.js"
};

static const unsigned char recovery_js[] = {
#embed "../Appliance/Page/recovery.js"
};

static const unsigned char room_js[] = {
#embed "../Appliance/Page/room.js"
};

static const unsigned char screen_js[] = {
#embed "../Appliance/Page/screen.js"
};

static const unsigned char signalling_js[] = {
#embed "../Appliance/Page/signalling.js"
};

static const unsigned char sound_js[] = {
#embed "../Appliance/Page/sound.js"
};

static const unsigned char stage_css[] = {
#embed "../Appliance/Page/stage.css"
};

static const unsigned char states_js[] = {
#embed "../Appliance/Page/states.js"
};

static const unsigned char style_css[] = {
#embed "../Appliance/Page/style.css"
};

static const unsigned char subscribe_js[] = {
#embed "../Appliance/Page/subscribe.js"
};

static const unsigned char text_js[] = {
#embed "../Appliance/Page/text.js"
};

static const unsigned char touch_js[] = {
#embed "../Appliance/Page/touch.js"
};

static const unsigned char typing_js[] = {
#embed "../Appliance/Page/typing.js"
};

static const unsigned char view_js[] = {
#embed "../Appliance/Page/view.js"
};

static const unsigned char welcome_css[] = {
#embed "../Appliance/Page/welcome.css"
};

static const unsigned char words_js[] = {
#embed "../Appliance/Page/words.js"
};

static const struct CPage_file files[] = {
    {"bar.css", bar_css, sizeof bar_css},
    {"codecs.js", codecs_js, sizeof codecs_js},
    {"control-words.js", control_words_js, sizeof control_words_js},
    {"control.js", control_js, sizeof control_js},
    {"cursor.js", cursor_js, sizeof cursor_js},
    {"diagnosis.js", diagnosis_js, sizeof diagnosis_js},
    {"geometry.js", geometry_js, sizeof geometry_js},
    {"health.js", health_js, sizeof health_js},
    {"icon.svg", icon_svg, sizeof icon_svg},
    {"identity.js", identity_js, sizeof identity_js},
    {"index.html", index_html, sizeof index_html},
    {"input.js", input_js, sizeof input_js},
    {"keyboard.js", keyboard_js, sizeof keyboard_js},
    {"keysyms.js", keysyms_js, sizeof keysyms_js},
    {"main.js", main_js, sizeof main_js},
    {"network.js", network_js, sizeof network_js},
    {"path.js", path_js, sizeof path_js},
    {"picture.js", picture_js, sizeof picture_js},
    {"protocol.js", protocol_js, sizeof protocol_js},
    {"publish.js", publish_js, sizeof publish_js},
    {"recovery.js", recovery_js, sizeof recovery_js},
    {"room.js", room_js, sizeof room_js},
    {"screen.js", screen_js, sizeof screen_js},
    {"signalling.js", signalling_js, sizeof signalling_js},
    {"sound.js", sound_js, sizeof sound_js},
    {"stage.css", stage_css, sizeof stage_css},
    {"states.js", states_js, sizeof states_js},
    {"style.css", style_css, sizeof style_css},
    {"subscribe.js", subscribe_js, sizeof subscribe_js},
    {"text.js", text_js, sizeof text_js},
    {"touch.js", touch_js, sizeof touch_js},
    {"typing.js", typing_js, sizeof typing_js},
    {"view.js", view_js, sizeof view_js},
    {"welcome.css", welcome_css, sizeof welcome_css},
    {"words.js", words_js, sizeof words_js},
    {NULL, NULL, 0},
};

const struct CPage_file *CPage_files(void) { return files; }
