#ifndef C_PULSE_H
#define C_PULSE_H

#include <pulse/pulseaudio.h>

#endif
