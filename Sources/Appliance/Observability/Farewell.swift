internal import ServiceLifecycle

/// Says that the room is about to end, before anything of it does.
struct Farewell: Service, CustomStringConvertible {
    private let health: HealthCheck
    private let events: RoomEvents

    init(_ health: HealthCheck, _ events: RoomEvents) {
        self.health = health
        self.events = events
    }

    var description: String { "farewell" }

    func run() async throws {
        try? await gracefulShutdown()
        health.drain()
        events.tell(.sessionDraining)
    }
}
