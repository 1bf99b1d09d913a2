/// Rights by the names that tokens, settings and the audit have for them.
extension Rights {
    /// Those of these names; `nil` if one of them is none.
    package init?(names: [String]) {
        self = []
        for name in names {
            guard let right = Self.named[name] else { return nil }
            insert(right)
        }
    }

    /// In the order of the rights.
    package var names: [String] { Self.table.filter { contains($0.right) }.map(\.name) }

    private static let named = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0.right) })

    private static let table: [(name: String, right: Rights)] = [
        ("see", .see), ("hear", .hear), ("speak", .speak), ("camera", .camera), ("chat", .chat),
        ("pointer", .pointer), ("keyboard", .keyboard), ("clipboardIn", .clipboardIn),
        ("clipboardOut", .clipboardOut), ("fileIn", .fileIn), ("fileOut", .fileOut), ("admit", .admit),
        ("grant", .grant), ("muteOthers", .muteOthers), ("remove", .remove), ("mask", .mask),
        ("record", .record), ("point", .point), ("arrange", .arrange), ("soundIn", .soundIn),
        ("watchOutside", .watchOutside), ("publishOutside", .publishOutside),
    ]
}
