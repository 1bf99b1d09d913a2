import IO
import Testing

@Suite struct ReachableFilesTests {
    private static let tree: [String: [String]] = [
        "/": ["etc", "nowhere", "srv"], "/nowhere": ["a"], "/srv": ["desk", "keys"],
        "/srv/keys": ["one", "two"],
    ]

    private static func allowed(_ files: ReachableFiles) -> Set<String> {
        Set(files.allowed { tree[$0] ?? [] })
    }

    @Test func everythingIsAllowedWhereNothingIsHidden() {
        #expect(Self.allowed(ReachableFiles()) == ["/"])
    }

    @Test func theWayToWhatIsHiddenIsAllowedEntryByEntry() {
        let files = ReachableFiles(hidden: ["/srv/keys/one"])
        #expect(Self.allowed(files) == ["/etc", "/nowhere", "/srv/desk", "/srv/keys/two"])
        #expect(files.exposed.isEmpty)
    }

    @Test func aHiddenDirectoryHidesWhatIsInIt() {
        #expect(Self.allowed(ReachableFiles(hidden: ["/srv/keys", "/nowhere/a"])) == ["/etc", "/srv/desk"])
    }

    @Test func whereProgramsMakeFilesNothingCanBeHidden() {
        let files = ReachableFiles(hidden: ["/nowhere/a", "/srv/keys/one"], open: ["/nowhere", "/"])
        #expect(Self.allowed(files) == ["/etc", "/nowhere", "/srv/desk", "/srv/keys/two"])
        #expect(files.exposed == ["/nowhere/a"])
    }
}
