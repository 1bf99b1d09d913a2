// Compares decoded pictures with what the screen showed.
//
//   judge SCENE WIDTH HEIGHT EVERY < I420 pictures
//
// Reads the frame's number from each picture, draws the same frame on an X server of its own, and writes a line for each
// picture: the number, and the PSNR (dB) and SSIM of luma for every EVERYth one, "-" for the others. A picture is held
// against luma by BT.601 and by BT.709, whichever it is closer to: a receiver is told which one it is.

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

// The luma of what the stage shows, in studio range, by BT.601 (matrix 0) or BT.709 (1).
static void readStage(Stage *stage, int matrix, uint8_t *luma) {
    // In 1/65536: red, green, blue.
    static const int weights[2][3] = {{16829, 33039, 6416}, {11966, 40254, 4064}};
    const int *weight = weights[matrix];
    XImage *image = XGetImage(stage->display, stage->window, 0, 0, (unsigned)stage->width, (unsigned)stage->height,
                              AllPlanes, ZPixmap);
    for (int y = 0; y < stage->height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(image->data + y * image->bytes_per_line);
        for (int x = 0; x < stage->width; x++) {
            int red = row[x] >> 16 & 255, green = row[x] >> 8 & 255, blue = row[x] & 255;
            *luma++ = (uint8_t)(16 + ((red * weight[0] + green * weight[1] + blue * weight[2] + 32768) >> 16));
        }
    }
    XDestroyImage(image);
}

static double psnr(const uint8_t *shown, const uint8_t *luma, int width, int height) {
    double error = 0;
    for (int y = 0; y < height; y++) {
        int sum = 0;
        for (int x = 0; x < width; x++, shown++, luma++) sum += (*shown - *luma) * (*shown - *luma);
        error += sum;
    }
    double mean = error / width / height;
    return mean > 0 ? fmin(99, 10 * log10(255 * 255 / mean)) : 99;
}

// Wang et al. 2004, with even windows of 8 x 8 pixels, one each 4 pixels: as common tools reckon it.
static double ssim(const uint8_t *shown, const uint8_t *luma, int width, int height) {
    const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
    double total = 0;
    int windows = 0;
    for (int top = 0; top + 8 <= height; top += 4)
        for (int left = 0; left + 8 <= width; left += 4, windows++) {
            int a = 0, b = 0, aa = 0, bb = 0, ab = 0;
            for (int y = top; y < top + 8; y++)
                for (int x = left; x < left + 8; x++) {
                    int p = shown[y * width + x], q = luma[y * width + x];
                    a += p, b += q, aa += p * p, bb += q * q, ab += p * q;
                }
            double meanA = a / 64.0, meanB = b / 64.0, covariance = ab / 64.0 - meanA * meanB;
            double variances = aa / 64.0 - meanA * meanA + bb / 64.0 - meanB * meanB;
            total += (2 * meanA * meanB + c1) * (2 * covariance + c2) /
                     ((meanA * meanA + meanB * meanB + c1) * (variances + c2));
        }
    return total / windows;
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    const char *scene = arguments[1];
    int width = atoi(arguments[2]), height = atoi(arguments[3]), every = atoi(arguments[4]);
    size_t size = (size_t)width * (size_t)height * 3 / 2;
    uint8_t *picture = malloc(size), *shown[2] = {malloc(size), malloc(size)};
    Stage stage = openStage();
    unsigned drawn = 0;
    int judged = 0;
    for (int index = 0; readPicture(picture, size); index++) {
        unsigned frame = readMark(picture, width);
        // A misread number, or one that goes back, cannot be judged.
        if (frame < drawn || (judged && frame > drawn + 300)) {
            printf("%u - -\n", frame);
            continue;
        }
        judged = 1;
        // Film frames stand alone; the others build on each other.
        if (!strcmp(scene, "video") && frame > drawn) drawn = frame - 1;
        while (drawn < frame) drawFrame(&stage, scene, ++drawn);
        if (index % every) {
            printf("%u - -\n", frame);
            continue;
        }
        double noise[2];
        for (int matrix = 0; matrix < 2; matrix++) {
            readStage(&stage, matrix, shown[matrix]);
            noise[matrix] = psnr(shown[matrix], picture, width, height);
        }
        int nearest = noise[1] > noise[0];
        printf("%u %.2f %.5f\n", frame, noise[nearest], ssim(shown[nearest], picture, width, height));
    }
}
