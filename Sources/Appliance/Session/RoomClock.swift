internal import Foundation

/// The clock that rules in the room, whatever the pages' clocks say.
enum RoomClock {
    /// Since 1970.
    static var milliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
