internal import RemoteControl

/// Has what people ask for hidden of the desk, or shown, and brings about what follows for what each is sent.
///
/// Whether somebody has the right to, ``Reception`` has asked before.
@SessionActor final class Hiding {
    private let desk: SharedDesk
    private let subscriptions: Subscriptions

    init(_ desk: SharedDesk, _ subscriptions: Subscriptions) {
        self.desk = desk
        self.subscriptions = subscriptions
    }

    func handle(
        _ message: ClientMessage,
        from id: ParticipantID,
        on connection: SignallingConnection
    ) async {
        switch message {
        case .curtain(let isDown, let hasSound):
            await settle(
                await desk.privacy.setCurtain(isDown: isDown, isSilent: !hasSound, by: id),
                on: connection
            )
        case .mask(let rectangles, let windows):
            await settle(
                await desk.privacy.setMasks(rectangles, windows: windows, by: id),
                on: connection
            )
        case .listWindows: await desk.privacy.listWindows(for: id)
        default: break  // It goes to somebody else.
        }
    }

    /// - Parameter refusal: Why it was not done.
    private func settle(_ refusal: Refusal?, on connection: SignallingConnection) async {
        if let refusal { return connection.send(.error(step: "curtain", refusal)) }
        subscriptions.updatePrivacy()
        await desk.updateCursor()
    }
}
