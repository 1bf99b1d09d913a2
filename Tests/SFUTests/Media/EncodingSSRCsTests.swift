import SFU
import Testing

@Suite struct EncodingSSRCsTests {
    @Test func whatIsNotSaidIsLearnt() {
        var ssrcs = EncodingSSRCs(media: nil, repair: nil)
        #expect(!ssrcs.owns(7))
        #expect(ssrcs.adopt(7, isRepair: false) == .adopted)
        #expect(ssrcs.adopt(8, isRepair: true) == .adopted)
        #expect(ssrcs.owns(7) && ssrcs.owns(8) && !ssrcs.owns(9))
    }

    @Test func aSenderThatBeginsAnewReplacesItsSSRC() {
        var ssrcs = EncodingSSRCs(media: 7, repair: 8)
        #expect(ssrcs.adopt(9, isRepair: false) == .replaced)
        #expect(ssrcs.media == 9)
        #expect(ssrcs.repair == 8)
    }

    @Test func whatTheFormerOneHadOnItsWayIsRefused() {
        var ssrcs = EncodingSSRCs(media: 7, repair: nil)
        _ = ssrcs.adopt(9, isRepair: false)
        #expect(ssrcs.adopt(7, isRepair: false) == .refused)
        #expect(ssrcs.media == 9)
    }
}
