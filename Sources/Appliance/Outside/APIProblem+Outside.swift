internal import HTTPTypes

extension APIProblem {
    /// Why somebody outside is not let in, or not any more.
    package init(outside refusal: Refusal) {
        switch refusal.code {
        case .tokenTooManyTries, .tooManyFromAddress:
            self.init(.tooManyRequests, refusal.message, retryAfter: refusal.seconds ?? 5)
        case .notRecorded, .roomClosing, .roomFull, .tooManySharing:
            self.init(.serviceUnavailable, refusal.message, retryAfter: 10)
        case .mayNotPublishOutside, .mayNotWatchOutside, .removed, .removedFor, .turnedAway, .turnedAwayFor:
            self.init(.forbidden, refusal.message)
        case .sessionEnded, .sessionEndedStopped, .sessionEndedTime:
            self.init(.conflict, refusal.message, retryAfter: 30)
        case .mayNotShow, .mayNotSpeak: self.init(.forbidden, refusal.message)
        case .connectionFailed: self.init(.serviceUnavailable, refusal.message, retryAfter: 2)
        case let code? where code.rawValue.hasPrefix("token"): self.init(.unauthorized, refusal.message)
        default: self.init(.badRequest, refusal.message)
        }
    }

    static func outsideLate() -> APIProblem {
        APIProblem(.serviceUnavailable, "The room did not get to it in time. Try again.", retryAfter: 2)
    }

    static func outsideWaiting() -> APIProblem {
        APIProblem(.serviceUnavailable, Refusal(.mustBeLetIn).message, retryAfter: 10)
    }

    static func outsideClosed(_ client: OutsideClient) -> APIProblem {
        let setting = client == .viewer ? "outside.view" : "outside.publish"
        return APIProblem(.notFound, "This room has nothing here (\(setting) is off).")
    }

    static func outsideGone() -> APIProblem {
        APIProblem(.notFound, "This session is over, or was never there. Begin a new one.")
    }
}

extension Refusal {
    /// To wait.
    fileprivate var seconds: Int64? {
        if case .number(let seconds) = values["seconds"] { seconds } else { nil }
    }
}
