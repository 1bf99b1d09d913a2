internal import Access
internal import Wire

/// A page that may be in the room, and what its person is given there.
struct Arrival {
    let join: ClientMessage.Join
    let page: PageID
    let share: NetworkShare?
    /// A fresh secret, for a person who needs one.
    let secret: Secret
    let grant: Grant
    let switches: RightsSwitches
    let outside: OutsideClient?
    /// The line of the chat that is written next.
    let chatStart: Int
    let now: Instant
}
