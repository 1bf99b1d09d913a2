import CUsrsctp
import Glibc
import Wire

/// One association of libusrsctp, without its threads: packets and time pass through the caller's hands.
///
/// The library's state belongs to the process, so tests that use it run one after the other.
final class UsrsctpPeer {
    struct Message: Hashable {
        var stream: UInt16
        var payloadProtocol: UInt32
        var isUnordered: Bool
        var bytes: [UInt8]
    }

    /// Packets to be delivered.
    var sent: [[UInt8]] = []
    var messages: [Message] = []
    /// Streams the other side has reset.
    var incomingResets: [UInt16] = []
    /// Streams this side has reset.
    var outgoingResets: [UInt16] = []
    var isUp = false
    var isDown = false

    private var socket: OpaquePointer?
    private var listener: OpaquePointer?
    private var partial: [UInt8] = []
    private var address: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private static let start: Void = {
        usrsctp_init_nothreads(0, usrsctpOutput, nil)
        usrsctp_sysctl_set_sctp_ecn_enable(0)
        usrsctp_sysctl_set_sctp_asconf_enable(0)
        usrsctp_sysctl_set_sctp_auth_enable(0)
        usrsctp_sysctl_set_sctp_sendspace(4 << 20)
        usrsctp_sysctl_set_sctp_recvspace(1 << 20)
    }()

    init() {
        _ = Self.start
        usrsctp_register_address(address)
        let socket = usrsctp_socket(
            AF_CONN,
            Int32(SOCK_STREAM.rawValue),
            Int32(IPPROTO_SCTP),
            nil,
            nil,
            0,
            nil
        )
        prepare(socket)
        var bound = conn
        withUnsafeMutablePointer(to: &bound) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = usrsctp_bind(socket, $0, socklen_t(MemoryLayout<sockaddr_conn>.size))
            }
        }
        self.socket = socket
    }

    /// Ends the association without a word and gives the library's memory back.
    func close() {
        for socket in [socket, listener].compactMap({ $0 }) {
            var linger = linger(l_onoff: 1, l_linger: 0)
            usrsctp_setsockopt(
                socket,
                SOL_SOCKET,
                SO_LINGER,
                &linger,
                socklen_t(MemoryLayout.size(ofValue: linger))
            )
            usrsctp_close(socket)
        }
        socket = nil
        listener = nil
        usrsctp_deregister_address(address)
    }

    func connect() {
        var remote = conn
        withUnsafeMutablePointer(to: &remote) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = usrsctp_connect(socket, $0, socklen_t(MemoryLayout<sockaddr_conn>.size))
            }
        }
    }

    /// Waits for the other side instead.
    func listen() {
        usrsctp_listen(socket, 1)
        listener = socket
        socket = nil
    }

    func handle(_ packet: [UInt8]) {
        packet.withUnsafeBytes { usrsctp_conninput(address, $0.baseAddress, $0.count, 0) }
        read()
    }

    func advance(milliseconds: UInt32) {
        usrsctp_handle_timers(milliseconds)
        read()
    }

    /// Returns whether the library took the message.
    func send(
        _ bytes: [UInt8],
        payloadProtocol: UInt32,
        on stream: UInt16,
        isUnordered: Bool = false,
        maximumRetransmits: UInt32? = nil,
        lifetime: UInt32? = nil
    ) -> Bool {
        var info = sctp_sendv_spa()
        info.sendv_flags = UInt32(SCTP_SEND_SNDINFO_VALID)
        info.sendv_sndinfo.snd_sid = stream
        info.sendv_sndinfo.snd_flags = isUnordered ? UInt16(SCTP_UNORDERED) : 0
        info.sendv_sndinfo.snd_ppid = payloadProtocol.bigEndian
        if let maximumRetransmits {
            info.sendv_flags |= UInt32(SCTP_SEND_PRINFO_VALID)
            info.sendv_prinfo = sctp_prinfo(pr_policy: UInt16(SCTP_PR_SCTP_RTX), pr_value: maximumRetransmits)
        } else if let lifetime {
            info.sendv_flags |= UInt32(SCTP_SEND_PRINFO_VALID)
            info.sendv_prinfo = sctp_prinfo(pr_policy: UInt16(SCTP_PR_SCTP_TTL), pr_value: lifetime)
        }
        return bytes.withUnsafeBytes {
            usrsctp_sendv(
                socket,
                $0.baseAddress,
                $0.count,
                nil,
                0,
                &info,
                socklen_t(MemoryLayout.size(ofValue: info)),
                UInt32(SCTP_SENDV_SPA),
                0
            )
        } == bytes.count
    }

    /// Asks for a reset of this side's half of a stream.
    func reset(_ stream: UInt16) -> Bool {
        // sctp_reset_streams: association, flags, count, list.
        var request: [UInt16] = [0, 0, UInt16(SCTP_STREAM_RESET_OUTGOING), 1, stream]
        return usrsctp_setsockopt(
            socket,
            Int32(IPPROTO_SCTP),
            SCTP_RESET_STREAMS,
            &request,
            socklen_t(request.count * 2)
        ) == 0
    }

    /// Of the association that is up; it does not grow.
    func setRetransmissionTimeout(milliseconds: UInt32) {
        var timeouts = sctp_rtoinfo(
            srto_assoc_id: 0,
            srto_initial: milliseconds,
            srto_max: milliseconds,
            srto_min: milliseconds
        )
        let length = socklen_t(MemoryLayout.size(ofValue: timeouts))
        usrsctp_setsockopt(socket, Int32(IPPROTO_SCTP), SCTP_RTOINFO, &timeouts, length)
    }

    func shutdown() {
        usrsctp_shutdown(socket, Int32(SHUT_WR))
    }

    private var conn: sockaddr_conn {
        sockaddr_conn(sconn_family: UInt16(AF_CONN), sconn_port: UInt16(5_000).bigEndian, sconn_addr: address)
    }

    private func prepare(_ socket: OpaquePointer?) {
        usrsctp_set_non_blocking(socket, 1)
        func set(_ option: Int32, _ value: some Any) {
            withUnsafeBytes(of: value) {
                _ = usrsctp_setsockopt(
                    socket,
                    Int32(IPPROTO_SCTP),
                    option,
                    $0.baseAddress,
                    socklen_t($0.count)
                )
            }
        }
        set(SCTP_ENABLE_STREAM_RESET, sctp_assoc_value(assoc_id: 0, assoc_value: 7))
        set(SCTP_NODELAY, Int32(1))
        set(SCTP_RECVRCVINFO, Int32(1))
        set(
            SCTP_INITMSG,
            sctp_initmsg(
                sinit_num_ostreams: 256,
                sinit_max_instreams: 2_048,
                sinit_max_attempts: 0,
                sinit_max_init_timeo: 0
            )
        )
        for event in [SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT] {
            set(SCTP_EVENT, sctp_event(se_assoc_id: 0, se_type: UInt16(event), se_on: 1))
        }
    }

    private func read() {
        if socket == nil, let listener, let accepted = usrsctp_accept(listener, nil, nil) {
            prepare(accepted)
            socket = accepted
            isUp = true
        }
        guard let socket else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var info = sctp_rcvinfo()
            var infoLength = socklen_t(MemoryLayout.size(ofValue: info))
            var infoType: UInt32 = 0
            var flags: Int32 = 0
            var fromLength: socklen_t = 0
            let count = usrsctp_recvv(
                socket,
                &buffer,
                buffer.count,
                nil,
                &fromLength,
                &info,
                &infoLength,
                &infoType,
                &flags
            )
            guard count > 0 else { return }
            partial += buffer[..<count]
            guard flags & endOfRecord != 0 else { continue }
            let bytes = partial
            partial = []
            if flags & MSG_NOTIFICATION != 0 {
                handleNotification(bytes)
            } else {
                messages.append(
                    Message(
                        stream: info.rcv_sid,
                        payloadProtocol: UInt32(bigEndian: info.rcv_ppid),
                        isUnordered: info.rcv_flags & UInt16(SCTP_UNORDERED) != 0,
                        bytes: bytes
                    )
                )
            }
        }
    }

    private func handleNotification(_ bytes: [UInt8]) {
        func word(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
        switch Int32(word(0)) {
        case SCTP_ASSOC_CHANGE:
            if Int32(word(8)) == SCTP_COMM_UP { isUp = true } else { isDown = true }
        case SCTP_STREAM_RESET_EVENT:
            let streams = stride(from: 12, to: bytes.count, by: 2).map(word)
            if Int32(word(2)) & SCTP_STREAM_RESET_INCOMING_SSN != 0 { incomingResets += streams }
            if Int32(word(2)) & SCTP_STREAM_RESET_OUTGOING_SSN != 0 { outgoingResets += streams }
        default:
            break
        }
    }
}

/// `MSG_EOR`.
private let endOfRecord: Int32 = 0x80

private func usrsctpOutput(
    _ address: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutableRawPointer?,
    _ length: Int,
    _: UInt8,
    _: UInt8
) -> Int32 {
    guard let address, let buffer else { return -1 }
    // The address is registered by a peer, which takes it back in `close`.
    Unmanaged<UsrsctpPeer>.fromOpaque(address).takeUnretainedValue()
        .sent.append([UInt8](UnsafeRawBufferPointer(start: buffer, count: length)))
    return 0
}
