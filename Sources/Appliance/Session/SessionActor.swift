/// Where all of a session's objects live: they call one another without suspending, and nothing else touches them.
///
/// One for the process, as there is one session in it; media and control events have threads of their own.
@globalActor package actor SessionActor {
    package static let shared = SessionActor()
}
