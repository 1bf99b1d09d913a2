/// Offers of programs from outside, as they write them.
enum OutsideOffers {
    private static let transport = """
        a=ice-ufrag:abcd
        a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
        a=ice-options:trickle
        a=fingerprint:sha-256 AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB
        a=setup:actpass

        """

    /// OBS 32 (libdatachannel): no candidates, layers by rid.
    static let obs = """
        v=0
        o=rtc 2486143474 0 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        a=group:LS 0 1
        a=msid-semantic:WMS *
        \(transport)m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 0.0.0.0
        a=mid:0
        a=sendonly
        a=ssrc:2000 cname:obs
        a=ssrc:2000 msid:obs audio
        a=msid:obs audio
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1
        m=video 9 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=mid:1
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
        a=sendonly
        a=msid:obs video
        a=rtcp-mux
        a=rtpmap:96 H264/90000
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1
        a=rid:0 send
        a=rid:1 send
        a=rid:2 send
        a=simulcast:send 0;1;2

        """

    /// webrtcbin of GStreamer 1.22 as a viewer.
    static let viewer = """
        v=0
        o=- 3417393093 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=ice-options:trickle
        a=group:BUNDLE video0 audio1
        m=video 9 UDP/TLS/RTP/SAVPF 120 121
        c=IN IP4 0.0.0.0
        \(transport)a=rtcp-mux
        a=rtcp-rsize
        a=recvonly
        a=rtpmap:120 VP8/90000
        a=rtcp-fb:120 nack
        a=rtcp-fb:120 nack pli
        a=rtpmap:121 H264/90000
        a=fmtp:121 packetization-mode=1;profile-level-id=42e01f
        a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=extmap:9 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
        a=mid:video0
        m=audio 0 UDP/TLS/RTP/SAVPF 101
        c=IN IP4 0.0.0.0
        a=bundle-only
        \(transport)a=rtcp-mux
        a=recvonly
        a=rtpmap:101 OPUS/48000/2
        a=mid:audio1

        """
}
