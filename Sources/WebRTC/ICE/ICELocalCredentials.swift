internal import Wire

/// What a peer's checks are authenticated with: the newest credentials, and after a restart the ones before as
/// long as the peer may not know the new ones.
struct ICELocalCredentials: Sendable {
    /// A binding request that came from the peer for certain.
    struct Check {
        var request: STUNMessage
        var credentials: ICECredentials
    }

    private(set) var newest: ICECredentials
    private var previous: ICECredentials?

    init(_ credentials: ICECredentials) {
        newest = credentials
    }

    /// Whether a restart has not been followed by a check yet.
    var isRestarting: Bool { previous != nil }

    /// Expects `new` credentials from now on.
    ///
    /// - Parameter keepsPrevious: Whether those that the peer has used stay valid.
    mutating func restart(_ new: ICECredentials, keepsPrevious: Bool) {
        previous = keepsPrevious ? previous ?? newest : nil
        newest = new
    }

    mutating func forgetPrevious() { previous = nil }

    /// Whether a request for `usernameFragment` would be authenticated.
    func contains(_ usernameFragment: String) -> Bool {
        usernameFragment == newest.usernameFragment || usernameFragment == previous?.usernameFragment
    }

    /// Returns what `request` proves, or answers it with an error and returns `nil`.
    func authenticate(
        _ request: STUNMessage,
        _ message: RawSpan,
        from source: SocketAddress,
        into queue: inout TransmitQueue
    ) -> Check? {
        let id = request.transactionID
        guard request.username != nil, request.messageIntegrity != nil else {
            queue.appendSTUNError(400, id, to: source)
            return nil
        }
        guard let credentials = credentials(for: request, in: message),
            request.isAuthentic(message, password: credentials.password)
        else {
            queue.appendSTUNError(401, id, to: source)
            return nil
        }
        guard request.unknownAttributes.isEmpty else {
            queue.appendSTUNError(
                420,
                id,
                unknown: request.unknownAttributes,
                password: credentials.password,
                to: source
            )
            return nil
        }
        guard request.iceControlled == nil else {
            queue.appendSTUNError(487, id, password: credentials.password, to: source)
            return nil
        }
        return Check(request: request, credentials: credentials)
    }

    private func credentials(for request: STUNMessage, in message: RawSpan) -> ICECredentials? {
        if request.isAddressed(to: newest.usernameFragment, in: message) { return newest }
        guard let previous, request.isAddressed(to: previous.usernameFragment, in: message) else {
            return nil
        }
        return previous
    }
}
