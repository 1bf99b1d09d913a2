/// The X display that is shared, for programs that need it: one that was given, or that of the room's own server, whose
/// number may be another after it was started again.
actor SharedScreen {
    /// As in `DISPLAY`; `nil` while nobody can connect to it.
    private(set) var name: String?

    /// - Parameter name: A display that is always there.
    init(name: String? = nil) {
        self.name = name
    }

    func open(_ name: String) { self.name = name }
    func close() { name = nil }

    /// The display, once it is there; `nil` if the task is cancelled before.
    func ready() async -> String? {
        while !Task.isCancelled {
            if let name { return name }
            try? await Task.sleep(for: Self.poll)
        }
        return nil
    }

    private static let poll = Duration.milliseconds(20)
}
