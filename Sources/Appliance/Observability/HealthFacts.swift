package import RemoteControl
package import Wire

/// What health is judged by; nothing in it is about anybody.
package struct HealthFacts: Hashable, Sendable {
    package var isMediaThreadAnswering = true
    package var isSessionAnswering = true
    /// Of the desk process; `nil`: none is connected, or it has not said yet.
    package var desk: DeskStatus.State?
    package var isDeskConnected = false
    package var isDeskAnswering = true
    /// Whether somebody new may come in, as far as the audit goes.
    package var isAuditKept = true
    package var isDraining = false
    /// Whether something is not as it should be although the room goes on.
    package var hasProblems = false
    /// When the page's certificate is valid, in seconds since 1970; `nil`: there is none.
    package var certificate: ClosedRange<Int64>?
    /// Whether its files have another one, which cannot be used: the room is ready as long as this one is valid.
    package var isNewerCertificateRefused = false
    /// Seconds since 1970.
    package var clock: Int64 = 0
    /// Since the start.
    package var age = Interval.zero
    package var hasBeenReady = false

    package init() {}

    /// Whether the room's own loops do their work.
    package var isAlive: Bool { isMediaThreadAnswering && isSessionAnswering }

    /// Why nobody new should be sent here, the gravest first; empty: the room is ready.
    package var reasons: [HealthReason] {
        var reasons: [HealthReason] = []
        if isDraining { reasons.append(.draining) }
        if !isMediaThreadAnswering { reasons.append(.mediaThreadStuck) }
        if !isSessionAnswering { reasons.append(.sessionStuck) }
        if let reason = deskReason { reasons.append(reason) }
        if !isAuditKept { reasons.append(.auditNotWritable) }
        if let certificate {
            if clock < certificate.lowerBound { reasons.append(.certificateNotYetValid) }
            if clock > certificate.upperBound { reasons.append(.certificateExpired) }
        }
        return reasons
    }

    /// What cannot be known of the desk is not held against it: then the room itself is stuck.
    private var deskReason: HealthReason? {
        guard isAlive else { return nil }
        guard isDeskConnected else { return .deskMissing }
        switch desk {
        case .failed: return .deskFailed
        case .starting, nil: return .deskStarting
        case .waitingForScreen: return .deskScreenMissing
        case .live, .waitingForSound: return isDeskAnswering ? nil : .deskNotAnswering
        }
    }

    package var status: HealthStatus {
        if isDraining { return .draining }
        if reasons.isEmpty {
            return desk == .waitingForSound || isNewerCertificateRefused || hasProblems ? .degraded : .ok
        }
        let isBeginning = !hasBeenReady && age < Self.start && isAlive
        return isBeginning ? .starting : .degraded
    }

    /// How long a start may take until it is a fault.
    private static let start = Interval.seconds(30)
}

/// How the room is, in a word: ``RoomHealth/status``.
package enum HealthStatus: String, CaseIterable, Encodable, Hashable, Sendable {
    case degraded, draining, ok, starting
}

/// Why a room is not ready, for programs.
package enum HealthReason: String, CaseIterable, Encodable, Hashable, Sendable {
    case auditNotWritable, certificateExpired, certificateNotYetValid, deskFailed, deskMissing,
        deskNotAnswering, deskScreenMissing, deskStarting, draining, mediaThreadStuck, sessionStuck
}
