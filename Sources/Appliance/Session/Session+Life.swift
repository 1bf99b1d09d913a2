/// What whoever runs the room does about its life; ``Session/life`` says what has become of it.
extension Session {
    /// Ends the session once everybody has left or the time for that is over; people are told, and nobody new comes in.
    ///
    /// The second time: at once.
    package func drain() async { await reception.change { $0.drain() } }

    /// Ends the session at once; people are told.
    package func interrupt() async { await reception.change { $0.interrupt() } }
}
