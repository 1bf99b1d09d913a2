#ifndef C_USRSCTP_H
#define C_USRSCTP_H

#include <usrsctp.h>

#endif
