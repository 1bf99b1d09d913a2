package import RemoteControl

extension RoomMessage.Desk {
    /// What people are told while no desk process is connected.
    package static func absent(wasThere: Bool) -> Self {
        wasThere
            ? Self(state: .restarting, code: .deskStopped, width: 0, height: 0)
            : Self(state: .starting, code: .deskStarting, width: 0, height: 0)
    }

    package static let beingReset = Self(state: .restarting, code: .deskBeingReset, width: 0, height: 0)

    /// What people are told of the desk's own report.
    package init(_ status: DeskStatus) {
        self.init(
            state: State(status.state),
            code: Self.code(status),
            width: Int(status.width),
            height: Int(status.height)
        )
    }

    private static func code(_ status: DeskStatus) -> RefusalCode? {
        switch (status.state, status.detail) {
        case (.starting, _): .deskStarting
        case (.live, _): nil
        case (.waitingForScreen, .screenLost): .screenLost
        case (.waitingForScreen, .screenUnsuitable): .screenUnsuitable
        case (.waitingForScreen, _): .screenMissing
        case (.waitingForSound, .soundLost): .soundLost
        case (.waitingForSound, _): .soundMissing
        case (.failed, .screenUnsuitable): .screenFormat
        case (.failed, .encoderMissing): .encoderMissing
        case (.failed, _): .encoderFailed
        }
    }
}

extension RoomMessage.Desk.State {
    fileprivate init(_ state: DeskStatus.State) {
        switch state {
        case .failed: self = .failed
        case .live: self = .live
        case .starting: self = .starting
        case .waitingForScreen: self = .waitingForScreen
        case .waitingForSound: self = .waitingForSound
        }
    }
}
