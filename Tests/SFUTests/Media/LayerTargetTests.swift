import SFU
import Testing

@Suite struct LayerTargetTests {
    @Test func theLowerOfWhatIsWantedAndWhatIsGrantedIsSent() {
        var target = LayerTarget(isPaused: false)
        #expect(target.highest == .unlimited)
        target.setPreferred(MediaLayers(spatial: 1, temporal: 2))
        target.setGranted(MediaLayers(spatial: 2, temporal: 0))
        #expect(target.highest == MediaLayers(spatial: 1, temporal: 0))
        #expect(target.wanted == MediaLayers(spatial: 1, temporal: 2))
    }

    @Test func nothingIsSentWhilePausedOrWithoutRoom() {
        var target = LayerTarget(isPaused: true)
        #expect(!target.isActive)
        #expect(!target.isLimited)
        #expect(target.wanted == nil)
        target.setPaused(false)
        #expect(target.isActive)
        target.setGranted(nil)
        #expect(!target.isActive)
        #expect(target.isLimited)
        #expect(target.wanted == .unlimited, "what is wanted does not depend on the path")
    }

    @Test func theEncodingsWatchedAreTheWantedTheGrantedAndTheOneOnShow() {
        var target = LayerTarget(isPaused: false)
        #expect(target.watchedEncodings(of: 3, current: nil) == 0b100)
        target.setPreferred(MediaLayers(spatial: 2, temporal: .max))
        target.setGranted(MediaLayers(spatial: 0, temporal: .max))
        #expect(target.watchedEncodings(of: 3, current: 1) == 0b111)
        #expect(target.watchedEncodings(of: 3, current: 0) == 0b101)
        target.setGranted(nil)
        #expect(target.watchedEncodings(of: 3, current: nil) == 0b101, "the least, in case that room comes")
        target.setPaused(true)
        #expect(target.watchedEncodings(of: 3, current: 1) == 0)
    }

    @Test func spatialLayersAreWatchedFromTheLowestUp() {
        var target = LayerTarget(isPaused: false)
        #expect(target.watchedSpatialLayers(of: 3) == 0b111)
        target.setPreferred(MediaLayers(spatial: 0, temporal: .max))
        #expect(target.watchedSpatialLayers(of: 3) == 0b001)
        target.setPaused(true)
        #expect(target.watchedSpatialLayers(of: 3) == 0)
    }

    @Test func aChangeIsToldOnce() {
        var target = LayerTarget(isPaused: false)
        let low = MediaLayers(spatial: 0, temporal: 1)
        #expect(target.pollChange(to: nil) == nil, "until a key frame comes, the picture before it stays")
        #expect(target.pollChange(to: low) == .some(low))
        #expect(target.pollChange(to: low) == nil)
        #expect(target.pollChange(to: nil) == nil)
        target.setGranted(nil)
        #expect(target.pollChange(to: low) == .some(nil))
        #expect(target.pollChange(to: low) == nil)
    }
}
