import Appliance
import Foundation
import Testing

@Suite struct PageAssetsTests {
    @Test func everyFileOfThePageIsInTheBinaryAsItIs() throws {
        let folder = URL(filePath: "../../../Sources/Appliance/Page", relativeTo: URL(filePath: #filePath))
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.contains(".") }
        #expect(!files.isEmpty)
        for file in files {
            let content = try Data(contentsOf: folder.appending(path: file))
            #expect(PageAssets.builtIn[file] == Array(content), "\(file)")
        }
        #expect(PageAssets.builtIn.count == files.count)
    }

    @Test func thePageCanBePutIntoOneScriptAndOneSheet() {
        #expect(PageAssets().problem == nil)
    }
}
