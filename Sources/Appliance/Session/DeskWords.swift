package import RemoteControl

extension RoomMessage.Desk {
    /// What people are told while no desk process is connected.
    package static func absent(wasThere: Bool) -> Self {
        wasThere
            ? Self(
                state: .restarting,
                message: "The desk stopped and is being started again.",
                width: 0,
                height: 0
            )
            : Self(state: .starting, message: "The desk is starting.", width: 0, height: 0)
    }

    /// What people are told of the desk's own report.
    package init(_ status: DeskStatus) {
        self.init(
            state: State(status.state),
            message: Self.words(status),
            width: Int(status.width),
            height: Int(status.height)
        )
    }

    private static func words(_ status: DeskStatus) -> String {
        switch (status.state, status.detail) {
        case (.starting, _): "The desk is starting."
        case (.live, _): "The desk is live."
        case (.waitingForScreen, .screenLost): "The desk's screen went away and is being started again."
        case (.waitingForScreen, .screenUnsuitable): "The desk's screen lacks what sharing it needs."
        case (.waitingForScreen, _): "The desk's screen is not there yet."
        case (.waitingForSound, .soundLost):
            "The picture is live; the desk's sound went away and is being started again."
        case (.waitingForSound, _): "The picture is live; the desk's sound is not there yet."
        case (.failed, .screenUnsuitable): "The desk's screen has a format that cannot be shared."
        case (.failed, .encoderMissing): "The desk cannot be shared: its video encoder is not installed."
        case (.failed, _): "The desk's video encoder failed and is being started again."
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
