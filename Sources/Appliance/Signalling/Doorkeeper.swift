internal import Access
internal import IO
internal import NIOCore
internal import Synchronization
internal import Wire

/// Keeps the connections to the page's server within their shares: closes whatever ``ConnectionShares`` says.
final class Doorkeeper: Sendable {
    let proxies: TrustedProxies
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var shares: ConnectionShares
        var channels: [ConnectionShares.ID: any Channel] = [:]
    }

    init(_ limits: ConnectionShares.Limits, proxies: TrustedProxies) {
        self.proxies = proxies
        state = Mutex(State(shares: ConnectionShares(limits)))
    }

    /// What a connection has to say of itself to stay.
    struct Ticket: Sendable {
        fileprivate let id: ConnectionShares.ID
        fileprivate let keeper: Doorkeeper

        func advance(to stage: ConnectionShares.Stage) {
            keeper.state.withLock { _ = $0.shares.advance(id, to: stage) }
        }
    }

    /// Whether the connection comes through a proxy that is known.
    func isProxy(_ channel: any Channel) -> Bool { proxies.contain(channel.remoteAddress?.ipAddress ?? "") }

    /// Lets a new connection in until it closes, perhaps in the place of another; `nil` if there is no room.
    func admit(_ channel: any Channel) -> Ticket? {
        let peer = channel.remoteAddress?.ipAddress ?? ""
        let share = proxies.contain(peer) ? nil : NetworkShare(text: peer)
        let now = Instant.now()
        let (id, evicted): (ConnectionShares.ID?, (any Channel)?) = state.withLock { state in
            switch state.shares.admit(share, now: now) {
            case .refused: return (nil, nil)
            case .admitted(let id, let evicted):
                state.channels[id] = channel
                return (id, evicted.flatMap { state.channels.removeValue(forKey: $0) })
            }
        }
        evicted?.close(promise: nil)
        guard let id else { return nil }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                state.shares.end(id)
                state.channels[id] = nil
            }
        }
        return Ticket(id: id, keeper: self)
    }
}
