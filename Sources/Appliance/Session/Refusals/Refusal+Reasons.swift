package import Access
package import SFU

extension Refusal {
    package init(_ token: TokenRefusal) {
        switch token {
        case .badClaim(let name): self.init(.tokenBadClaim, ["claim": .text(name)])
        case .damaged: self.init(.tokenDamaged)
        case .expired: self.init(.tokenExpired)
        case .forged: self.init(.tokenForged)
        case .notYetValid(let seconds): self.init(.tokenNotYetValid, ["seconds": .number(seconds)])
        case .otherAudience: self.init(.tokenOtherAudience)
        case .otherRoom: self.init(.tokenOtherRoom)
        case .spent: self.init(.tokenSpent)
        case .spentIsFull: self.init(.tokenSpentIsFull)
        case .tooLong: self.init(.tokenTooLong)
        case .tooManyTries(let seconds): self.init(.tokenTooManyTries, ["seconds": .number(seconds)])
        case .unknownKey: self.init(.tokenUnknownKey)
        case .unsupported: self.init(.tokenUnsupported)
        case .withdrawn: self.init(.tokenWithdrawn)
        case .wrongAlgorithm: self.init(.tokenWrongAlgorithm)
        }
    }

    /// A microphone or camera that is not received.
    ///
    /// - Parameter reason: For whoever can do something about it.
    package init(notTaken kind: MediaKind, because reason: String? = nil) {
        let code: RefusalCode = kind == .video ? .cameraNotTaken : .microphoneNotTaken
        guard let reason else {
            self.init(code)
            return
        }
        let device = kind == .video ? "camera" : "microphone"
        self.init(code, message: "Your \(device) cannot be sent: \(reason).")
    }

    package init(_ text: UnusableText) {
        switch text {
        case .empty: self.init(.chatEmpty)
        case .tooLong: self.init(.chatTooLong)
        case .unreadable: self.init(.chatNotText)
        }
    }

    package init(_ error: NegotiationError) {
        self.init(.connectionFailed, message: error.description)
    }

    package init(_ name: UnusableName) {
        switch name {
        case .empty: self.init(.nameEmpty)
        case .hidden: self.init(.nameHidden)
        case .marks: self.init(.nameMarks)
        case .tooLong: self.init(.nameTooLong)
        }
    }

    package init(_ places: Places.Refusal) {
        switch places {
        case .full: self.init(.roomFull)
        case .sharing(let most): self.init(.tooManySharing, ["most": .number(Int64(most))])
        case .tooFast: self.init(.tooManyFromAddress)
        }
    }
}
