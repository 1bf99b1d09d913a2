import Appliance
import Foundation
import Testing

@Suite struct PageAssetsTests {
    @Test func everyFileOfThePageIsInTheBinaryAsItIs() throws {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Appliance/Page")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }
        #expect(!files.isEmpty)
        for file in files {
            #expect(try PageAssets.builtIn[file] == Array(Data(contentsOf: folder.appending(path: file))), "\(file)")
        }
        #expect(PageAssets.builtIn.count == files.count)
    }
}
