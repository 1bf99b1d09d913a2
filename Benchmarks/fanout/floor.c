// The least a forwarder can do: receive RTP, and for each receiver rewrite the header, encrypt with
// AEAD_AES_128_GCM and send; receive what the receivers report, decrypt it and forget it. The same system calls and
// the same crypto as the room, and nothing else: no statistics, no retransmission, no sessions. What the room costs
// beyond this is ours.
//
//   floor RTP-PORT REPORT-PORT RECEIVER-PORT…
//
// All ports are on 127.0.0.1. On SIGTERM it prints packets sent and CPU nanoseconds.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { batch = 64, slot = 2048, tag = 16, messages = 64, segments = 64, runBytes = 65000 };

typedef struct {
    EVP_CIPHER_CTX *cipher, *opener;
    struct sockaddr_in address;
    uint32_t ssrc, rollover;
    uint16_t lastSequence;
    uint8_t salt[12];
} Receiver;

static Receiver *byPort[1 << 16];
static volatile sig_atomic_t isStopping;
static void stop(int number) { (void)number, isStopping = 1; }

static uint16_t read16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }
static void write32(uint8_t *at, uint32_t value) { value = htonl(value), memcpy(at, &value, 4); }
static void xor32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] ^= (uint8_t)(value >> (24 - 8 * i));
}

// Writes the packet for one receiver to `out`; returns its length.
static int protect(Receiver *receiver, const uint8_t *packet, int length, uint8_t *out) {
    int header = 12 + 4 * (packet[0] & 15);
    if (packet[0] & 0x10) header += 4 + 4 * read16(packet + header + 2);
    if (header > length) return 0;
    memcpy(out, packet, (size_t)header);
    write32(out + 8, receiver->ssrc);
    uint16_t sequence = read16(packet + 2);
    if (sequence < 0x1000 && receiver->lastSequence > 0xf000) receiver->rollover++;
    receiver->lastSequence = sequence;

    uint8_t iv[12];
    memcpy(iv, receiver->salt, sizeof iv);
    xor32(iv + 2, receiver->ssrc);
    xor32(iv + 6, receiver->rollover);
    iv[10] ^= packet[2], iv[11] ^= packet[3];
    int written;
    EVP_EncryptInit_ex(receiver->cipher, NULL, NULL, NULL, iv);
    EVP_EncryptUpdate(receiver->cipher, NULL, &written, out, header);
    EVP_EncryptUpdate(receiver->cipher, out + header, &written, packet + header, length - header);
    EVP_EncryptFinal_ex(receiver->cipher, out + length, &written);
    EVP_CIPHER_CTX_ctrl(receiver->cipher, EVP_CTRL_AEAD_GET_TAG, tag, out + length);
    return length + tag;
}

// Opens a report as if it were SRTCP of one packet: eight bytes of header, and the index behind the tag.
static void unprotect(Receiver *receiver, uint8_t *packet, int length) {
    enum { header = 8, trailer = 4 };
    int written, body = length - header - tag - trailer;
    if (body < 0) return;
    uint8_t iv[12];
    memcpy(iv, receiver->salt, sizeof iv);
    xor32(iv + 2, receiver->ssrc);
    for (int i = 0; i < 4; i++) iv[8 + i] ^= packet[length - trailer + i];
    EVP_DecryptInit_ex(receiver->opener, NULL, NULL, NULL, iv);
    EVP_DecryptUpdate(receiver->opener, NULL, &written, packet, header);
    EVP_DecryptUpdate(receiver->opener, NULL, &written, packet + length - trailer, trailer);
    EVP_DecryptUpdate(receiver->opener, packet + header, &written, packet + header, body);
    EVP_CIPHER_CTX_ctrl(receiver->opener, EVP_CTRL_AEAD_SET_TAG, tag, packet + header + body);
    // Nobody has sealed it, so it is not authentic; finding that out takes as long as the contrary.
    EVP_DecryptFinal_ex(receiver->opener, packet + header + body, &written);
}

typedef struct {
    int socket, count;
    struct mmsghdr headers[messages];
    struct iovec vectors[messages];
    uint8_t controls[messages][CMSG_SPACE(sizeof(uint16_t))];
    uint8_t *slab;
} Outbox;

static void flush(Outbox *outbox) {
    for (int first = 0; first < outbox->count;) {
        int sent = sendmmsg(outbox->socket, outbox->headers + first, (unsigned)(outbox->count - first), 0);
        first += sent > 0 ? sent : 1;
    }
    outbox->count = 0;
}

// The message that the next run to `receiver` goes into, its bytes at slab + index * 65536.
static uint8_t *begin(Outbox *outbox) {
    if (outbox->count == messages) flush(outbox);
    return outbox->slab + (size_t)outbox->count * 65536;
}

static void commit(Outbox *outbox, Receiver *receiver, size_t bytes, uint16_t segment) {
    int index = outbox->count++;
    outbox->vectors[index] = (struct iovec){outbox->slab + (size_t)index * 65536, bytes};
    struct msghdr *header = &outbox->headers[index].msg_hdr;
    *header = (struct msghdr){.msg_name = &receiver->address, .msg_namelen = sizeof receiver->address,
                              .msg_iov = &outbox->vectors[index], .msg_iovlen = 1};
    if (bytes <= segment) return;
    header->msg_control = outbox->controls[index];
    header->msg_controllen = sizeof outbox->controls[index];
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = SOL_UDP, control->cmsg_type = UDP_SEGMENT, control->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(control), &segment, sizeof segment);
}

int main(int count, char **arguments) {
    if (count < 4) return fputs("floor RTP-PORT REPORT-PORT RECEIVER-PORT…\n", stderr), 2;
    int receivers = count - 3;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)atoi(arguments[1]))};
    int in = socket(AF_INET, SOCK_DGRAM, 0), size = 4 << 20;
    Outbox *outbox = calloc(1, sizeof *outbox);
    outbox->socket = socket(AF_INET, SOCK_DGRAM, 0);
    outbox->slab = malloc((size_t)messages * 65536);
    setsockopt(in, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(outbox->socket, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    setsockopt(outbox->socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    if (bind(in, (struct sockaddr *)&address, sizeof address)) return perror("floor: bind"), 1;
    address.sin_port = htons((uint16_t)atoi(arguments[2]));
    if (bind(outbox->socket, (struct sockaddr *)&address, sizeof address)) return perror("floor: bind"), 1;

    Receiver *all = calloc((size_t)receivers, sizeof *all);
    for (int i = 0; i < receivers; i++) {
        uint8_t key[16];
        for (int k = 0; k < 16; k++) key[k] = (uint8_t)(i * 31 + k * 7 + 1);
        for (int k = 0; k < 12; k++) all[i].salt[k] = (uint8_t)(i * 13 + k * 5 + 3);
        all[i].cipher = EVP_CIPHER_CTX_new();
        EVP_EncryptInit_ex(all[i].cipher, EVP_aes_128_gcm(), NULL, key, NULL);
        all[i].opener = EVP_CIPHER_CTX_new();
        EVP_DecryptInit_ex(all[i].opener, EVP_aes_128_gcm(), NULL, key, NULL);
        all[i].ssrc = 0x1000u + (uint32_t)i;
        all[i].address = address;
        all[i].address.sin_port = htons((uint16_t)atoi(arguments[3 + i]));
        byPort[atoi(arguments[3 + i]) & 0xffff] = &all[i];
    }

    static uint8_t packets[batch][slot];
    struct sockaddr_in sources[batch];
    struct mmsghdr inbox[batch];
    struct iovec vectors[batch];
    unsigned long sent = 0;
    while (!isStopping) {
        for (int i = 0; i < batch; i++) {
            vectors[i] = (struct iovec){packets[i], slot};
            inbox[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
        }
        int received = recvmmsg(in, inbox, batch, MSG_WAITFORONE, NULL);
        for (int i = 0; i < receivers && received > 0; i++) {
            uint8_t *run = begin(outbox);
            size_t bytes = 0;
            uint16_t segment = 0;
            for (int packet = 0, inRun = 0; packet < received; packet++) {
                int length = (int)inbox[packet].msg_len;
                if (length < 12) continue;
                // The kernel cuts at every `segment` bytes: a longer packet, or one after a shorter, starts a new run.
                if (inRun && (length + tag > segment || bytes % segment || inRun == segments ||
                              bytes + (size_t)length + tag > runBytes)) {
                    commit(outbox, &all[i], bytes, segment);
                    run = begin(outbox);
                    bytes = 0, inRun = 0;
                }
                int written = protect(&all[i], packets[packet], length, run + bytes);
                if (!inRun++) segment = (uint16_t)written;
                bytes += (size_t)written;
                sent++;
            }
            if (bytes) commit(outbox, &all[i], bytes, segment);
        }
        flush(outbox);
        // What was reported since the last time: nobody wakes for it.
        do {
            for (int i = 0; i < batch; i++) {
                vectors[i] = (struct iovec){packets[i], slot};
                inbox[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1, .msg_name = &sources[i],
                                                   .msg_namelen = sizeof sources[i]};
            }
            received = recvmmsg(outbox->socket, inbox, batch, MSG_DONTWAIT, NULL);
            for (int i = 0; i < received; i++) {
                Receiver *receiver = byPort[ntohs(sources[i].sin_port)];
                if (receiver) unprotect(receiver, packets[i], (int)inbox[i].msg_len);
            }
        } while (received == batch);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double nanoseconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
                         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
    printf("{\"packets\": %lu, \"cpu_ns\": %.0f}\n", sent, nanoseconds);
    return 0;
}
