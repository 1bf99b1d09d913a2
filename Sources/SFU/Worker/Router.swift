/// A group of transports whose producers may be consumed by one another (mediasoup's *Router*), and who speaks in it.
///
/// Its transports are those of the Worker's table that name it, and its producers are theirs.
package final class Router {
    let id: RouterID
    var observer: ActiveSpeakerObserver

    /// - Parameter microphones: How many are passed on at once.
    package init(_ id: RouterID, microphones: Int) {
        self.id = id
        observer = ActiveSpeakerObserver(router: id, microphones: microphones)
    }
}
