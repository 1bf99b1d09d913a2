import Appliance
import IO
import Testing

@Suite struct FullPlacesTests {
    private static let plenty = FreeSpace(bytes: 1 << 30, files: 1_000)

    /// After each look at a home directory: whether that was news, and whether it is called full.
    private func news(_ looks: [FreeSpace?]) -> [[Bool]] {
        var full = FullPlaces()
        return looks.map {
            [full.handle([("home", $0), ("elsewhere", Self.plenty)]), full.names == ["home"]]
        }
    }

    @Test func whereThereIsNoRoomIsToldOnceAndThatThereIsAgain() {
        let tight = FreeSpace(bytes: 4_096)
        #expect(
            news([Self.plenty, tight, tight, Self.plenty])
                == [[false, false], [true, true], [false, true], [true, false]]
        )
    }

    @Test func theWordsNameThePlaces() {
        var full = FullPlaces()
        let first = full.words
        _ = full.handle([("home", FreeSpace(bytes: 0)), ("elsewhere", FreeSpace(bytes: 0))])
        #expect(first == nil && full.words == "there is no room left in home, elsewhere")
    }

    @Test func aFileThatComesAndGoesIsNoNews() {
        let looks = [0, 70_000, 0, 200_000].map { FreeSpace(bytes: $0) }
        #expect(news(looks) == [[true, true], [false, true], [false, true], [true, false]])
    }

    @Test func aDiskWithoutRoomForAnotherFileIsFull() {
        #expect(news([FreeSpace(bytes: 1 << 30, files: 0)]) == [[true, true]])
    }

    @Test func aPlaceThatCannotBeLookedAtIsNotCalledFull() {
        #expect(news([nil]) == [[false, false]])
    }

    @Test func theKernelIsAsked() {
        #expect(FreeSpace(of: "/tmp").map { $0.bytes >= 0 } == true)
        #expect(FreeSpace(of: "/no/such/place") == nil)
        // It has nothing that could run out.
        #expect(FreeSpace(of: "/proc") == nil)
    }
}
