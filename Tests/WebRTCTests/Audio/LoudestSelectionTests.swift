import Testing
import WebRTC
import Wire

@Suite struct LoudestSelectionTests {
    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000 * milliseconds)
    }

    @Test func withAPlaceFreeEverybodyIsForwarded() {
        var selection = LoudestSelection<Int>()
        for id in 1...4 { #expect(selection.handle(level: 127, of: id, now: Self.at(0)) == true) }
        #expect(selection.handle(level: 127, of: 5, now: Self.at(0)) == false)
        #expect(Array(selection.selected) == [1, 2, 3, 4] && selection.changes == 4)
        selection.remove(2)
        selection.remove(2)
        #expect(selection.handle(level: 127, of: 5, now: Self.at(20)) == true)
        #expect(selection.selected.contains(5) && !selection.selected.contains(2) && selection.changes == 6)
    }

    @Test func theFirstPacketOfAVoicePasses() {
        var selection = LoudestSelection<Int>(places: 2)
        for id in 1...2 { #expect(selection.handle(level: 90, of: id, now: Self.at(0)) == true) }
        for time in stride(from: Int64(0), to: 5_000, by: 20) {
            #expect(selection.handle(level: 70, of: 3, now: Self.at(time)) == false)
        }
        #expect(selection.handle(level: 40, of: 3, now: Self.at(5_000)) == true)
    }

    @Test func theOneSilentLongestMakesRoom() {
        var selection = LoudestSelection<Int>(places: 3)
        for (id, time) in [(1, Int64(0)), (2, 500), (3, 1_000)] {
            #expect(selection.handle(level: 30, of: id, now: Self.at(time)) == true)
        }
        #expect(selection.handle(level: 30, of: 1, now: Self.at(1_500)) == true)
        #expect(selection.handle(level: 40, of: 4, now: Self.at(4_000)) == true)
        #expect(Set(selection.selected) == [1, 3, 4])
        #expect(selection.handle(level: 60, of: 2, now: Self.at(4_010)) == false)
    }

    @Test func whoeverSpokeLatelyKeepsThePlace() {
        var selection = LoudestSelection<Int>(places: 1)
        #expect(selection.handle(level: 30, of: 1, now: Self.at(0)) == true)
        #expect(selection.handle(level: 30, of: 2, now: Self.at(1_999)) == false)
        #expect(selection.selected.contains(1))
        #expect(selection.handle(level: 30, of: 2, now: Self.at(2_000)) == true)
        #expect(!selection.selected.contains(1))
    }

    @Test func amongVoicesAMuchLouderOneTakesTheQuietestsPlace() {
        var selection = LoudestSelection<Int>(places: 2)
        for time in stride(from: Int64(0), to: 2_000, by: 20) {
            _ = selection.handle(level: 25, of: 1, now: Self.at(time))
            _ = selection.handle(level: 48, of: 2, now: Self.at(time))
        }
        #expect(selection.handle(level: 45, of: 3, now: Self.at(2_000)) == false)
        #expect(selection.handle(level: 20, of: 3, now: Self.at(2_020)) == true)
        #expect(Set(selection.selected) == [1, 3])
    }

    @Test func fewerPlacesLeaveThoseWhoSpokeLast() {
        var selection = LoudestSelection<Int>()
        for id in 1...4 {
            #expect(selection.handle(level: 30, of: id, now: Self.at(Int64(100 * id))) == true)
        }
        selection.places = 2
        #expect(Set(selection.selected) == [3, 4])
        selection.places = 0
        #expect(selection.places == 1 && Array(selection.selected) == [4])
    }

    /// The bound and the promise hold for any talk: at most so many are selected, and those selected are
    /// forwarded.
    @Test func neverAreMoreForwardedThanThereArePlaces() {
        var random = SplitMix64(seed: 17)
        var selection = LoudestSelection<Int>(places: 3)
        for step in 0..<20_000 {
            let id = Int.random(in: 0..<12, using: &random)
            let now = Self.at(Int64(step * 2))
            let before = selection.selected.contains(id)
            let level = UInt8.random(in: 20...127, using: &random)
            let isForwarded = selection.handle(level: level, of: id, now: now)
            #expect(isForwarded == selection.selected.contains(id) && (isForwarded || !before))
            if step % 500 == 0 { selection.remove(id) }
            #expect(Array(selection.selected).count <= 3)
        }
    }
}
