import RemoteControl
import Testing

@Suite struct DeskSizeTests {
    @Test func whatIsOddLosesItsLastColumnOrRow() throws {
        let size = try #require(DeskSize(width: 1_367, height: 769))
        #expect((size.width, size.height) == (1_366, 768))
    }

    @Test(arguments: [
        (319, 240), (320, 239), (3_842, 100), (3_840, 2_162), (0, 0), (-1_280, 720), (.max, .max),
        (.min, .min),
    ])
    func whatIsTooSmallOrTooLargeIsNone(width: Int, height: Int) {
        #expect(DeskSize(width: width, height: height) == nil)
    }

    @Test(arguments: [
        ("1280x720", DeskSize(width: 1_280, height: 720)), ("320x240", .smallest), ("3840x2160", .greatest),
        ("1281x720", nil), ("1280 x 720", nil), ("1280x720x24", nil), ("1280", nil), ("x", nil), ("", nil),
        ("99999999999999999999x720", nil),
    ])
    func aTextIsASizeIfItIsExactlyOne(text: String, size: DeskSize?) {
        #expect(DeskSize(parsing: text) == size)
    }
}
