import Appliance
import Foundation
import Logging
import Testing

@Suite struct LogLineTests {
    private func line(_ message: String, _ metadata: [String: String] = [:]) -> LogLine {
        LogLine(
            time: 1_700_000_000_007_000_000,
            level: .warning,
            label: "deskroom",
            process: "room",
            session: "s1",
            message: message,
            metadata: metadata
        )
    }

    @Test func jsonIsOneObjectALineWhateverIsInIt() throws {
        let bytes = line("A \"line\"\nbreak \u{1}", ["b": "é\r\n", "a": "1"]).bytes(.json)
        #expect(bytes.count(where: { $0 == UInt8(ascii: "\n") }) == 1)
        let parsed = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(parsed["time"] as? String == "2023-11-14T22:13:20.007Z")
        #expect(parsed["level"] as? String == "warning")
        #expect(parsed["message"] as? String == "A \"line\"\nbreak \u{1}")
        #expect(parsed["session"] as? String == "s1" && parsed["process"] as? String == "room")
        #expect(parsed["metadata"] as? [String: String] == ["b": "é\r\n", "a": "1"])
    }

    @Test func textIsOneLineWithTheSessionToo() {
        let text = String(decoding: line("Gone", ["ending": "exited(1): a\nb"]).bytes(.text), as: UTF8.self)
        #expect(
            text
                == "2023-11-14T22:13:20.007Z warning deskroom: ending=exited(1): a b process=room session=s1 Gone\n"
        )
    }
}
