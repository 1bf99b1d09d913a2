// A new file of Sources/Appliance/Page needs an array and an entry here.
#include "CPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../Appliance/Page/index.html"
};

static const struct CPage_file files[] = {
    {"index.html", index_html, sizeof index_html},
    {NULL, NULL, 0},
};

const struct CPage_file *CPage_files(void) { return files; }
