package import SFU
internal import WebRTC

/// The last step that one of a person's connections has reached, in the room's eyes; `docs/signalling.md` has the list.
///
/// What only one side sees is where most failures hide: whether a check arrives that is never answered, the browser cannot
/// know.
package struct ConnectionProgress: Encodable, Hashable, Sendable {
    package enum Step: String, Encodable, Hashable, Sendable {
        /// There is no transport yet.
        case none
        /// Nothing of this browser has arrived.
        case unheard
        /// The browser is heard, and does not get the answers.
        case heard
        /// There is a path both ways, and no handshake.
        case path
        /// The handshake (DTLS) has begun, and is not done.
        case handshake
        case handshakeFailed
        /// The connection is secured, and nothing has come by it but that.
        case secured
        /// Packets about media, and no media.
        case reports
        case media
    }

    package var step: Step
    /// The alert that the browser has ended the handshake with (RFC 5246 §7.2).
    package var alert: UInt8?
    /// Why the handshake failed otherwise.
    package var failure: String?

    package init(step: Step = .none) {
        self.step = step
    }

    package init(_ statistics: TransportStatistics) {
        let progress = statistics.progress
        switch statistics.dtlsState {
        case .failed: step = .handshakeFailed
        case .connected, .closed:
            step = progress.hasMedia ? .media : progress.hasReports ? .reports : .secured
        case .connecting where progress.isAnswered: step = .handshake
        case .connecting, .new:
            step = progress.isAnswered ? .path : progress.isHeard ? .heard : .unheard
        }
        switch progress.failure {
        case .peerAlert(let alert): self.alert = alert
        case .fingerprintMismatch: failure = "fingerprint"
        case .noSRTPProfile: failure = "profile"
        case .protocolViolation: failure = "protocol"
        case .timedOut: failure = "time"
        case nil: break
        }
    }

    /// Whether it stands.
    package var isConnected: Bool {
        switch step {
        case .media, .reports, .secured: true
        case .handshake, .handshakeFailed, .heard, .none, .path, .unheard: false
        }
    }
}

extension RoomMessage {
    /// How far a person's two connections have come; `nil` where there is none.
    package struct Connections: Encodable, Hashable, Sendable {
        package var publish: ConnectionProgress?
        package var subscribe: ConnectionProgress?

        package init(publish: ConnectionProgress? = nil, subscribe: ConnectionProgress? = nil) {
            self.publish = publish
            self.subscribe = subscribe
        }
    }
}
