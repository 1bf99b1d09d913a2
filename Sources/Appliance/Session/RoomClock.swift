internal import Foundation
internal import IO
internal import Wire

/// The clock that rules in the room, whatever the pages' clocks say.
enum RoomClock {
    /// Since 1970.
    static var milliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// By which pages reckon how much time is left, and how long somebody has waited: it begins as the wall clock does, and goes
    /// on evenly whatever that is set to, so that whoever came before and after is told the same.
    static var steady: Int64 { steady(at: .now()) }

    /// That clock at a moment of the room's machines.
    static func steady(at instant: Instant) -> Int64 { epoch + instant.nanoseconds / 1_000_000 }

    private static let epoch = milliseconds - Instant.now().nanoseconds / 1_000_000
}
