import Appliance
import RemoteControl

extension HealthCheck.Probes {
    /// Of a room in which nothing happens: everything answers, and there is a desk.
    static func still(
        mediaThread: @escaping @Sendable () async -> Void = {},
        session: @escaping @Sendable () async -> Void = {},
        desk: @escaping @Sendable () async -> Bool = { true },
        _ change: @escaping @Sendable (inout RoomHealth) -> Void = { _ in }
    ) -> Self {
        Self(mediaThread: mediaThread, session: session, desk: desk) {
            var health = RoomHealth()
            health.isDeskConnected = true
            health.desk = .live
            change(&health)
            return health
        }
    }
}
