package import Wire

/// A control chunk that waits to be sent.
package enum ControlChunk: Sendable {
    /// Makes the peer drop the association (RFC 9260 §3.3.7).
    case abort(SCTPErrorCause, tag: UInt32, isReflected: Bool)
    case cookieAck
    case cookieEcho([UInt8])
    case error(SCTPErrorCause, [UInt8])
    case heartbeat(sent: Instant)
    case heartbeatAck([UInt8])
    case initiation(SCTPInitiation)
    case initiationAck(SCTPInitiation, cookie: [UInt8], unrecognized: [[UInt8]], tag: UInt32)
    case reconfiguration(SCTPReconfiguration)
    case shutdown
    case shutdownAck
    case shutdownComplete(tag: UInt32, isReflected: Bool)
    /// An ERROR to a peer there is no association with; in microseconds (§3.3.10.3).
    case staleCookie(UInt32, tag: UInt32)

    /// Whether it travels in a packet of its own: the standard demands it, or the tag is a special one.
    package var isAlone: Bool {
        switch self {
        case .abort, .cookieEcho, .initiation, .initiationAck, .shutdownAck, .shutdownComplete, .staleCookie:
            true
        case .cookieAck, .error, .heartbeat, .heartbeatAck, .reconfiguration, .shutdown: false
        }
    }

    /// The packet's verification tag, if it is not the association's (§8.5.1).
    package var tag: UInt32? {
        switch self {
        case .initiation: 0
        case .abort(_, let tag, _), .initiationAck(_, _, _, let tag), .shutdownComplete(let tag, _),
            .staleCookie(_, let tag):
            tag
        default: nil
        }
    }

    /// Bytes on the wire, padded; an upper bound where it depends on the peer.
    package var length: Int {
        switch self {
        case .abort, .shutdown: 8
        case .cookieAck, .shutdownAck, .shutdownComplete: 4
        case .cookieEcho(let cookie): 4 + cookie.count + 3
        case .error(_, let information): 8 + information.count + 3
        case .heartbeat: 16
        case .heartbeatAck(let information): 4 + information.count + 3
        case .initiation: 32
        case .initiationAck(_, let cookie, let unrecognized, _):
            unrecognized.reduce(36 + cookie.count + 3) { $0 + 4 + $1.count + 3 }
        case .reconfiguration(let parameter): parameter.length
        case .staleCookie: 12
        }
    }

    /// - Parameter cumulative: What SHUTDOWN acknowledges.
    package func write(cumulative: TSN, into out: inout OutputRawSpan) {
        switch self {
        case .abort(let cause, _, let isReflected):
            let chunk = out.beginSCTPChunk(.abort, flags: isReflected ? Self.reflected : 0)
            out.finishSCTPChunk(from: chunk, withParameterFrom: out.beginSCTPParameter(cause.rawValue))
        case .cookieAck:
            out.appendEmptySCTPChunk(.cookieAck)
        case .cookieEcho(let cookie):
            let chunk = out.beginSCTPChunk(.cookieEcho)
            out.append(copying: cookie.span.bytes)
            out.finishSCTPChunk(from: chunk)
        case .error(let cause, let information):
            let chunk = out.beginSCTPChunk(.error)
            let parameter = out.beginSCTPParameter(cause.rawValue)
            out.append(copying: information.span.bytes)
            out.finishSCTPChunk(from: chunk, withParameterFrom: parameter)
        case .staleCookie(let staleness, _):
            let chunk = out.beginSCTPChunk(.error)
            let parameter = out.beginSCTPParameter(SCTPErrorCause.staleCookie.rawValue)
            out.append(bigEndian: staleness)
            out.finishSCTPChunk(from: chunk, withParameterFrom: parameter)
        case .heartbeat(let sent):
            let chunk = out.beginSCTPChunk(.heartbeat)
            let parameter = out.beginSCTPParameter(Self.heartbeatInformation)
            out.append(bigEndian: sent.nanoseconds)
            out.finishSCTPChunk(from: chunk, withParameterFrom: parameter)
        case .heartbeatAck(let information):
            let chunk = out.beginSCTPChunk(.heartbeatAck)
            out.append(copying: information.span.bytes)
            out.finishSCTPChunk(from: chunk)
        case .initiation(let initiation):
            initiation.write(into: &out)
        case .initiationAck(let initiation, let cookie, let unrecognized, _):
            initiation.write(cookie: cookie, unrecognized: unrecognized, into: &out)
        case .reconfiguration(let parameter):
            parameter.write(into: &out)
        case .shutdown:
            let chunk = out.beginSCTPChunk(.shutdown)
            out.append(bigEndian: cumulative.rawValue)
            out.finishSCTPChunk(from: chunk)
        case .shutdownAck:
            out.appendEmptySCTPChunk(.shutdownAck)
        case .shutdownComplete(_, let isReflected):
            out.appendEmptySCTPChunk(.shutdownComplete, flags: isReflected ? Self.reflected : 0)
        }
    }

    /// T: the tag is the receiver's own, reflected (§3.3.7, §3.3.13).
    package static let reflected: UInt8 = 0x01
    package static let heartbeatInformation: UInt16 = 1
}
