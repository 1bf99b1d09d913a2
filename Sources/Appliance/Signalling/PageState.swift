/// How a page does, as it says itself: what its person sees and hears of the desk.
package struct PageState: Codable, Hashable, Sendable {
    /// Whether it is out of sight: another tab or program is before it.
    package var hidden: Bool
    /// Whether the browser keeps the desk's picture from moving.
    package var paused: Bool
    /// Whether the browser keeps sound back.
    package var soundBlocked: Bool
    /// Seconds without a new picture although there should be some, 0 to 86,400; 0: it moves, or need not.
    package var frozen: Int

    package init(hidden: Bool = false, paused: Bool = false, soundBlocked: Bool = false, frozen: Int = 0) {
        self.hidden = hidden
        self.paused = paused
        self.soundBlocked = soundBlocked
        self.frozen = frozen
    }

    /// What somebody else's page says.
    package struct Told: Encodable, Hashable, Sendable {
        package var person: UInt64
        package var state: PageState

        package init(person: UInt64, state: PageState) {
            self.person = person
            self.state = state
        }
    }
}
