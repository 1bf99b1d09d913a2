// Compares decoded pictures with what the screen showed.
//
//   judge SCENE WIDTH HEIGHT EVERY < I420 pictures
//
// Reads the frame's number from each picture, draws the same frame on an X server of its own, and writes a line for each
// picture: the number, and the PSNR of luma in dB for every EVERYth one, "-" for the others. A picture is held against
// luma by BT.601 and by BT.709, whichever it is closer to: a receiver is told which one it is.

#include "scene.h"
#include <math.h>
#include <unistd.h>

static int readPicture(uint8_t *picture, size_t size) {
    for (size_t used = 0; used < size;) {
        ssize_t count = read(STDIN_FILENO, picture + used, size - used);
        if (count <= 0) return 0;
        used += (size_t)count;
    }
    return 1;
}

static unsigned readMark(const uint8_t *luma, int width) {
    unsigned frame = 0;
    for (int bit = 0; bit < markBits; bit++)
        frame = frame << 1 | (luma[markSize / 2 * width + bit * markSize + markSize / 2] < 128);
    return frame;
}

static double psnr(Stage *stage, const uint8_t *luma) {
    // Luma of studio range in 1/65536: red, green, blue by BT.601 and BT.709.
    static const int weights[2][3] = {{16829, 33039, 6416}, {11966, 40254, 4064}};
    XImage *image = XGetImage(stage->display, stage->window, 0, 0, (unsigned)stage->width, (unsigned)stage->height,
                              AllPlanes, ZPixmap);
    double error[2] = {0, 0};
    for (int y = 0; y < stage->height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(image->data + y * image->bytes_per_line);
        long long sum[2] = {0, 0};
        for (int x = 0; x < stage->width; x++) {
            int red = row[x] >> 16 & 255, green = row[x] >> 8 & 255, blue = row[x] & 255;
            for (int matrix = 0; matrix < 2; matrix++) {
                const int *weight = weights[matrix];
                int shown = 16 + ((red * weight[0] + green * weight[1] + blue * weight[2] + 32768) >> 16);
                int difference = shown - luma[y * stage->width + x];
                sum[matrix] += difference * difference;
            }
        }
        error[0] += (double)sum[0], error[1] += (double)sum[1];
    }
    XDestroyImage(image);
    double mean = fmin(error[0], error[1]) / stage->width / stage->height;
    return mean > 0 ? fmin(99, 10 * log10(255 * 255 / mean)) : 99;
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    const char *scene = arguments[1];
    int width = atoi(arguments[2]), height = atoi(arguments[3]), every = atoi(arguments[4]);
    size_t size = (size_t)width * (size_t)height * 3 / 2;
    uint8_t *picture = malloc(size);
    Stage stage = openStage();
    unsigned drawn = 0;
    int judged = 0;
    for (int index = 0; readPicture(picture, size); index++) {
        unsigned frame = readMark(picture, width);
        // A misread number, or one that goes back, cannot be judged.
        if (frame < drawn || (judged && frame > drawn + 300)) {
            printf("%u -\n", frame);
            continue;
        }
        judged = 1;
        // Film frames stand alone; the others build on each other.
        if (!strcmp(scene, "video") && frame > drawn) drawn = frame - 1;
        while (drawn < frame) drawFrame(&stage, scene, ++drawn);
        if (index % every) printf("%u -\n", frame);
        else printf("%u %.2f\n", frame, psnr(&stage, picture));
    }
}
