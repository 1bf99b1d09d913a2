internal import RemoteControl

/// Why somebody does not get control, or has lost it.
extension Refusal {
    init(_ denial: FloorControl.Denial) {
        switch denial {
        case .inTurns: self.init(.controlInTurns)
        case .locked: self.init(.controlLocked)
        case .mayNotGive: self.init(.mayNotGrant)
        case .noHandFree: self.init(.controlNoHandFree)
        case .notAllowed: self.init(.controlUnavailable)
        }
    }

    init(_ refusal: FloorControl.TurnRefusal) {
        switch refusal {
        case .mayNot: self.init(.mayNotGrant)
        case .nobodyElse: self.init(.turnsNobodyElse)
        case .notOn: self.init(.turnsNotOn)
        case .tooFew: self.init(.turnsTooFew)
        }
    }

    /// `nil` where whoever had it knows by themselves.
    ///
    /// - Parameter isByGranter: Whether it was somebody who may give control; `nil`: nobody in particular.
    init?(_ reason: ControlLease.EndReason, by isByGranter: Bool?) {
        switch (reason, isByGranter) {
        case (.deskRestarted, _): self.init(.controlDeskRestarted)
        case (.idle, _): self.init(.controlIdle)
        case (.locked, _): self.init(.controlLocked)
        case (.revoked, nil): self.init(.controlRevoked)
        case (.revoked, false?): self.init(.controlConsentWithdrawn)
        case (.revoked, true?): self.init(.controlTakenBack)
        case (.timeIsUp, _): self.init(.controlTimeIsUp)
        case (.departed, _), (.expired, _), (.released, _), (.takenOver, _): return nil
        }
    }
}
