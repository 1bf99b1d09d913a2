public import WebRTC

/// How far the remote side of a transport has come, step by step, since the transport was made: nothing of it is ever
/// taken back, but for the handshake's end.
///
/// What a person is told who cannot connect, and what the log says of it, is told by the first step that was not reached.
public struct TransportProgress: Hashable, Sendable {
    /// A connectivity check with the right credentials has come: this side hears the remote side.
    public var isHeard = false
    /// The remote side has shown that it gets this side's answers: there is a path both ways.
    public var isAnswered = false
    /// Why the handshake failed; `nil` while it has not.
    public var failure: DTLSFailure?
    /// An authentic RTP packet of a known stream has come.
    public var hasMedia = false
    /// An authentic RTCP packet has come.
    public var hasReports = false

    public init() {}
}

extension TransportStatistics {
    /// A packet of media was taken, or was none of this transport's.
    mutating func noteMedia(isTaken: Bool) {
        if isTaken { progress.hasMedia = true } else { packetsRejected += 1 }
    }

    /// The same of RTCP.
    mutating func noteReport(isTaken: Bool) {
        if isTaken { progress.hasReports = true } else { packetsRejected += 1 }
    }

    /// A check, or an answer to one, was looked at.
    mutating func notePath(isHeard: Bool, isAnswered: Bool) {
        if isHeard { progress.isHeard = true }
        if isAnswered { progress.isAnswered = true }
    }
}
