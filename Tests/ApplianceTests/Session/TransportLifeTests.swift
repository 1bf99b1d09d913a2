import Appliance
import SFU
import Testing

@Suite struct TransportLifeTests {
    @Test func itIsMadeOnceAndClosedOnce() {
        var life = TransportLife()
        expect(.make, of: &life)
        expect(nil, of: &life)
        life.handleMade(TransportID(7))
        #expect(life.id == TransportID(7))
        expect(nil, of: &life)
        life.end()
        expect(.close(TransportID(7)), of: &life)
        expect(nil, of: &life)
        #expect(!life.isClosed)
        life.handleClosed()
        #expect(life.isClosed)
        expect(nil, of: &life)
    }

    @Test func whatIsEndedWhileItIsMadeIsClosedAsSoonAsItIs() {
        var life = TransportLife()
        expect(.make, of: &life)
        life.end()
        expect(nil, of: &life)
        life.handleMade(TransportID(7))
        expect(.close(TransportID(7)), of: &life)
    }

    @Test func whatIsEndedBeforeItIsAskedForIsNeverMade() {
        var life = TransportLife()
        life.end()
        #expect(life.isClosed)
        expect(nil, of: &life)
    }

    @Test func whatTheWorkerRefusesIsOver() {
        var life = TransportLife()
        expect(.make, of: &life)
        life.handleMade(nil)
        #expect(life.isEnded)
        #expect(life.isClosed)
        expect(nil, of: &life)
    }

    /// Every order of five events, with whatever is due asked for in between or not.
    @Test func noOrderOfEventsLeavesATransport() {
        var states = 0
        func explore(_ life: TransportLife, _ alive: Set<UInt32>, _ depth: Int) {
            states += 1
            guard depth > 0 else {
                // Brought to its end from here, nothing is left.
                var (life, alive) = (life, alive)
                life.end()
                // A call that was under way returns.
                if alive.contains(7), life.id == nil { life.handleMade(TransportID(7)) }
                if case .close(let id) = life.poll() { alive.remove(id.rawValue) }
                life.handleClosed()
                #expect(alive.isEmpty)
                return
            }
            var next = life
            next.end()
            explore(next, alive, depth - 1)
            next = life
            switch next.poll() {
            case .make:
                // The Worker makes it now or later, or not at all.
                explore(next, alive.union([7]), depth - 1)
                var refused = next
                refused.handleMade(nil)
                explore(refused, alive, depth - 1)
            case .close(let id):
                next.handleClosed()
                explore(next, alive.subtracting([id.rawValue]), depth - 1)
            case nil: break
            }
            if alive.contains(7), life.id == nil {
                next = life
                next.handleMade(TransportID(7))
                explore(next, alive, depth - 1)
            }
        }
        explore(TransportLife(), [], 7)
        #expect(states > 50)
    }

    private func expect(
        _ step: TransportLife.Step?,
        of life: inout TransportLife,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let found = life.poll()
        #expect(found == step, sourceLocation: location)
    }
}
