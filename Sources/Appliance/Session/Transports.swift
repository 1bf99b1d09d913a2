internal import Logging
internal import RemoteControl
internal import SFU

/// The Worker's transports that belong to people's connections, and whose each is.
@SessionActor final class Transports {
    private let worker: Worker
    private let router: RouterID
    private let log: Logger
    private var owners: [TransportID: TransportOwner] = [:]

    init(_ worker: Worker, on router: RouterID, log: Logger) {
        self.worker = worker
        self.router = router
        self.log = log
    }

    /// Transports that the Worker holds for people.
    var count: Int { owners.count }

    /// The connection that a transport belongs to; `nil` for the desk's, and once it is being closed.
    func owner(of transport: TransportID) -> TransportOwner? { owners[transport] }

    /// `nil` if the Worker has refused.
    func make(for owner: TransportOwner) async -> WebRTCTransportParameters? {
        do {
            let parameters = try await worker.makeWebRTCTransport(on: router)
            // The connection may have ended meanwhile: its next step then closes this.
            owners[parameters.id] = owner
            return parameters
        } catch {
            log.warning("A transport was refused", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// What the Worker still says of a transport is nobody's business any more.
    func disown(_ transport: TransportID) { owners[transport] = nil }

    func close(_ transport: TransportID) async {
        disown(transport)
        try? await worker.close(transport)
    }
}
