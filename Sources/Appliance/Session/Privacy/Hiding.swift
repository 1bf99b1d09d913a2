internal import Audit
internal import RemoteControl

/// Has what people ask for hidden of the desk, or shown, records it, and brings about what follows for what each is sent.
///
/// Whether somebody has the right to, ``Reception`` has asked before.
@SessionActor final class Hiding {
    private let desk: SharedDesk
    private let subscriptions: Subscriptions
    private let audit: AuditLog

    init(_ desk: SharedDesk, _ subscriptions: Subscriptions, audit: AuditLog) {
        self.desk = desk
        self.subscriptions = subscriptions
        self.audit = audit
    }

    func handle(
        _ message: ClientMessage,
        from id: ParticipantID,
        on connection: SignallingConnection
    ) async {
        switch message {
        case .curtain(let isDown, let hasSound):
            let refusal = await desk.privacy.setCurtain(isDown: isDown, isSilent: !hasSound)
            if refusal == nil { audit.append(.curtain(isOn: isDown, by: .person(id.rawValue))) }
            await settle(refusal, on: connection)
        case .mask(let rectangles, let windows):
            let refusal = await desk.privacy.setMasks(rectangles, windows: windows)
            let count = rectangles.count + windows.count
            if refusal == nil { audit.append(.mask(isOn: count > 0, count: count, by: .person(id.rawValue))) }
            await settle(refusal, on: connection)
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
