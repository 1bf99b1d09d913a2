import SFU
import Testing
import Wire

@Suite struct AllocatorTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)

    /// Consumers are named by their place; bitrates in kbit/s.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var available: Int
        var demands: [Row]
        /// Into the layers; `nil`: paused.
        var granted: [Int?]
    }

    struct Row: Sendable {
        var kind = MediaKind.video
        var priority = 100
        var layers: [Int]
        var isMeasured = true
    }

    @Test(arguments: [
        Case(
            testDescription: "everybody gets everything on a wide path",
            available: 10_000,
            demands: [
                Row(kind: .audio, layers: [40]), Row(layers: [150, 500, 1_500]),
                Row(layers: [150, 500, 1_500]),
            ],
            granted: [0, 2, 2]
        ),
        Case(
            testDescription: "the lowest layers of all come before anybody's second",
            available: 700,
            demands: [
                Row(priority: 200, layers: [150, 500]), Row(layers: [150, 500]), Row(layers: [150, 500]),
            ],
            granted: [0, 0, 0]
        ),
        Case(
            testDescription: "what is left goes to the first by priority",
            available: 950,
            demands: [
                Row(layers: [150, 500]), Row(priority: 150, layers: [150, 500]), Row(layers: [150, 500]),
            ],
            granted: [0, 1, 0]
        ),
        Case(
            testDescription: "equals rise together",
            available: 2_000,
            demands: [Row(layers: [150, 500, 1_500]), Row(layers: [150, 500, 1_500])],
            granted: [1, 1]
        ),
        Case(
            testDescription: "audio is kept clear of video",
            available: 600,
            demands: [Row(kind: .audio, layers: [100]), Row(layers: [150, 500])],
            granted: [0, 0]
        ),
        Case(
            testDescription: "audio goes however little there is",
            available: 10,
            demands: [Row(kind: .audio, layers: [40]), Row(kind: .audio, layers: [40])],
            granted: [0, 0]
        ),
        Case(
            testDescription: "a stream that is not there needs nothing",
            available: 600,
            demands: [Row(priority: 200, layers: []), Row(layers: [150, 500])],
            granted: [nil, 1]
        ),
    ])
    func whoIsNewGetsWhatThereIsRoomFor(_ table: Case) {
        var allocator = Allocator()
        #expect(grants(table.demands, table.available, with: &allocator, at: Self.start) == table.granted)
    }

    @Test func itGoesDownAtOnceAndUpAfterASecondWithRoomToSpare() {
        var allocator = Allocator()
        let rows = [Row(layers: [150, 500, 1_500])]
        #expect(grants(rows, 2_000, with: &allocator, at: Self.start) == [2])
        #expect(grants(rows, 1_400, with: &allocator, at: Self.start + .milliseconds(10)) == [1])
        // Enough, but not with 15 % to spare.
        for step in 1...20 {
            #expect(
                grants(rows, 1_600, with: &allocator, at: Self.start + .milliseconds(Int64(step) * 200)) == [
                    1
                ]
            )
        }
        let later = Self.start + .seconds(10)
        #expect(grants(rows, 1_800, with: &allocator, at: later) == [1])
        #expect(grants(rows, 1_800, with: &allocator, at: later + .milliseconds(900)) == [1])
        #expect(grants(rows, 1_800, with: &allocator, at: later + .seconds(1)) == [2])
    }

    @Test func roomThatDoesNotLastRaisesNobody() {
        var allocator = Allocator()
        let rows = [Row(layers: [150, 500])]
        #expect(grants(rows, 300, with: &allocator, at: Self.start) == [0])
        for step in 0..<40 {
            let available = step % 4 == 3 ? 300 : 900
            #expect(
                grants(rows, available, with: &allocator, at: Self.start + .milliseconds(Int64(step) * 250))
                    == [0]
            )
        }
    }

    @Test func itRisesNoFurtherThanThereWasRoomForAllTheTime() {
        var allocator = Allocator()
        let rows = [Row(layers: [150, 500, 1_500])]
        #expect(grants(rows, 300, with: &allocator, at: Self.start) == [0])
        #expect(grants(rows, 2_000, with: &allocator, at: Self.start + .seconds(1)) == [0])
        #expect(grants(rows, 800, with: &allocator, at: Self.start + .milliseconds(1_500)) == [0])
        #expect(grants(rows, 2_000, with: &allocator, at: Self.start + .seconds(2)) == [1])
    }

    @Test func whenThePathNarrowsSoundKeepsItsPart() {
        var allocator = Allocator()
        let rows = [Row(kind: .audio, layers: [100]), Row(layers: [150, 500])]
        #expect(grants(rows, 1_000, with: &allocator, at: Self.start) == [0, 1])
        #expect(grants(rows, 560, with: &allocator, at: Self.start + .milliseconds(200)) == [0, 0])
    }

    /// What is known to need more than there is has less time than what may turn out to need less.
    @Test(arguments: [([300, 900], true, 1), ([300, 900], false, 2), ([300], true, 2)])
    func howLongAStarvingStreamGoesOn(layers: [Int], isMeasured: Bool, seconds: Int64) {
        var allocator = Allocator()
        let rows = [Row(layers: layers, isMeasured: isMeasured)]
        _ = grants(rows, 2_000, with: &allocator, at: Self.start)
        let narrowed = Self.start + .seconds(1)
        #expect(grants(rows, 100, with: &allocator, at: narrowed) == [0])
        let last = narrowed + .seconds(seconds) + .milliseconds(-100)
        #expect(grants(rows, 100, with: &allocator, at: last) == [0])
        #expect(grants(rows, 100, with: &allocator, at: narrowed + .seconds(seconds)) == [nil])
    }

    @Test func aSingleLayerIsPausedOnlyAfterTwoSecondsOfFarTooLittle() {
        var allocator = Allocator()
        let rows = [Row(layers: [1_000])]
        #expect(grants(rows, 2_000, with: &allocator, at: Self.start) == [0])
        // Too little, but it stutters on.
        for step in 0..<20 {
            #expect(
                grants(rows, 700, with: &allocator, at: Self.start + .milliseconds(Int64(step) * 500)) == [0]
            )
        }
        let later = Self.start + .seconds(20)
        #expect(grants(rows, 500, with: &allocator, at: later) == [0])
        #expect(grants(rows, 500, with: &allocator, at: later + .milliseconds(1_900)) == [0])
        #expect(grants(rows, 500, with: &allocator, at: later + .seconds(2)) == [nil])
        #expect(grants(rows, 1_100, with: &allocator, at: later + .seconds(3)) == [nil])
        #expect(grants(rows, 1_100, with: &allocator, at: later + .seconds(5)) == [nil])
        #expect(grants(rows, 1_200, with: &allocator, at: later + .seconds(6)) == [nil])
        #expect(grants(rows, 1_200, with: &allocator, at: later + .seconds(7)) == [0])
    }

    @Test func thePoorestPauseTheLeastImportantFirst() {
        var allocator = Allocator()
        let rows = [
            Row(layers: [300, 900]), Row(priority: 200, layers: [300, 900]), Row(kind: .audio, layers: [40]),
        ]
        #expect(grants(rows, 5_000, with: &allocator, at: Self.start) == [1, 1, 0])
        var last: [Int?] = []
        for step in 1...20 {
            last = grants(rows, 380, with: &allocator, at: Self.start + .milliseconds(Int64(step) * 200))
        }
        #expect(last == [nil, 0, 0])
    }

    @Test func onANarrowPathPicturesComeBackOneAfterTheOtherTheMostImportantFirst() {
        let rows = [Row(layers: [130]), Row(priority: 180, layers: [130]), Row(layers: [130])]
        let back = comebacks(of: rows, on: 500)
        // A key frame of 130 kbit has to pass in what is left of 500 kbit/s.
        #expect(back == [1: 1_000, 0: 1_400, 2: 2_000])
    }

    /// However little the first leaves of the path for its key frame.
    @Test func theNextPictureComesBackAfterTwoSecondsAtTheLatest() {
        let rows = [Row(priority: 180, layers: [800]), Row(layers: [100])]
        let back = comebacks(of: rows, on: 1_100)
        // At once, a key frame of 800 kbit would take 2.7 s in 300 kbit/s.
        #expect(back == [0: 1_000, 1: 3_000])
    }

    @Test func aConsumerThatCouldStayDoesNotHoldWhatAnotherNeedsMore() {
        var allocator = Allocator()
        #expect(grants([Row(layers: [150, 500])], 600, with: &allocator, at: Self.start) == [1])
        // Somebody more important comes.
        let rows = [Row(layers: [150, 500]), Row(priority: 200, layers: [150, 300])]
        #expect(grants(rows, 600, with: &allocator, at: Self.start + .seconds(1)) == [0, 1])
    }

    /// When each row gets its picture back on a path of so many kbit/s, after four seconds of 40 kbit/s: milliseconds.
    private func comebacks(of rows: [Row], on available: Int) -> [Int: Int] {
        var allocator = Allocator()
        for step in 0...20 {
            _ = grants(rows, 40, with: &allocator, at: Self.start + .milliseconds(Int64(step) * 200))
        }
        var back: [Int: Int] = [:]
        for step in 0...30 {
            let now = Self.start + .milliseconds(5_000 + Int64(step) * 200)
            for (index, layer) in grants(rows, available, with: &allocator, at: now).enumerated()
            where layer != nil && back[index] == nil { back[index] = step * 200 }
        }
        return back
    }

    private func grants(
        _ rows: [Row],
        _ available: Int,
        with allocator: inout Allocator,
        at now: Instant
    ) -> [Int?] {
        let demands = rows.enumerated().map { index, row in
            Allocator.Demand(
                ConsumerID(UInt32(index + 1)),
                kind: row.kind,
                priority: row.priority,
                layers: row.layers.enumerated().map { Allocator.Layer(spatial: $0, bitrate: $1 * 1_000) },
                isMeasured: row.isMeasured
            )
        }
        return allocator.allocate(demands, available: available * 1_000, now: now).map { $0.layer?.spatial }
    }
}
