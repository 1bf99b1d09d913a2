import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// Who gets a place, on a virtual clock.
@Suite struct PlacesTests {
    private var room = Room(people: 50, sharing: 25)

    @Test mutating func oneAddressBringsNoMoreThanItsShare() {
        for _ in 0..<25 { #expect(room.join(address(1), isProved: true) == .admitted) }
        #expect(room.join(address(1)) == .refused(.sharing(25)))
        #expect(room.join(address(2)) == .admitted)
        #expect(Places.Refusal.sharing(25).description.contains("session.sharing"))
    }

    /// Fifty joins that went away held every seat for 63 s.
    @Test mutating func placesOfThoseWhoWentAndNeverSawTheRoomAreGivenUpAtOnce() {
        for number in 0..<50 {
            #expect(room.join(address(number / 25)) == .admitted)
            room.lose(number)
        }
        for _ in 0..<20 { #expect(room.join(address(9)) == .admitted) }
        #expect(room.count == 50)
    }

    @Test mutating func whoStaysWithoutEverSeeingTheRoomIsGivenUpAfterATime() {
        for number in 0..<50 { #expect(room.join(address(number / 25)) == .admitted) }
        #expect(room.join(address(9)) == .refused(.full))
        room.pass(.seconds(15))
        #expect(room.join(address(9)) == .admitted)
        // Of the address that has most, not the newcomer or a person of few.
        #expect(room.people(from: address(9)) == 1)
    }

    @Test mutating func nobodyWhoSawTheRoomIsGivenUpForSomebodyOutside() {
        for number in 0..<50 {
            #expect(room.join(address(number), isProved: true) == .admitted)
            room.lose(number)
        }
        room.pass(.seconds(3_600))
        #expect(room.join(address(99)) == .refused(.full))
    }

    @Test mutating func anAddressAtItsBoundGivesUpItsOwn() {
        #expect(room.join(address(2)) == .admitted)
        for _ in 0..<25 { #expect(room.join(address(1)) == .admitted) }
        room.pass(.seconds(60))
        for _ in 0..<10 { #expect(room.join(address(1)) == .admitted) }
        #expect(room.people(from: address(1)) == 25)
        #expect(room.people(from: address(2)) == 1)
    }

    @Test mutating func whoJoinsAndLeavesAllTheTimeIsHeldBack() {
        var admitted = 0
        for _ in 0..<10_000 {
            if room.join(address(1)) == .admitted { admitted += 1 }
            room.leaveAll()
            room.pass(.milliseconds(1))
        }
        #expect((66 + 45...66 + 55).contains(admitted))
        #expect(room.join(address(2)) == .admitted)
    }

    @Test mutating func peopleBehindAProxyThatNamesNobodyShareOnlyTheRoom() {
        for _ in 0..<50 { #expect(room.join(nil) == .admitted) }
    }

    @Test func addressesThatAreGoneAreForgotten() {
        var places = Places(people: 50, sharing: 25)
        for number in 0..<100_000 {
            _ = places.admit(address(number), seats: [], now: Instant(nanoseconds: 0))
        }
        #expect(places.addresses <= 4_096)
    }
}

private func address(_ number: Int) -> NetworkShare {
    NetworkShare(SocketAddress(ipv4: 0x0a00_0000 + UInt32(number), port: 0))
}

/// The seats of a room, as a session has them.
private struct Room {
    private var places: Places
    private var seats: [Places.Seat] = []
    private var now = Instant(nanoseconds: 0)
    private var last: UInt64 = 0

    init(people: Int, sharing: Int) {
        places = Places(people: people, sharing: sharing)
    }

    var count: Int { seats.count }

    mutating func pass(_ time: Interval) { now = now + time }

    /// Joins, in the place of others where these are given up.
    mutating func join(_ share: NetworkShare?, isProved: Bool = false) -> Places.Answer {
        while true {
            let answer = places.admit(share, seats: seats, now: now)
            guard case .evict(let id) = answer else {
                if answer == .admitted {
                    last += 1
                    seats.append(
                        Places.Seat(
                            id: ParticipantID(last),
                            share: share,
                            isProved: isProved,
                            isAway: false,
                            joined: now
                        )
                    )
                }
                return answer
            }
            guard let index = seats.firstIndex(where: { $0.id == id }), !seats[index].isProved else {
                Issue.record("somebody who is inside was given up")
                return answer
            }
            seats.remove(at: index)
        }
    }

    mutating func lose(_ number: Int) { seats[number].isAway = true }
    mutating func leaveAll() { seats.removeAll() }
    func people(from share: NetworkShare) -> Int { seats.count { $0.share == share } }
}
