/// First in, first out, with access by position; nothing is moved for a removal at the front.
package struct Fifo<Element> {
    private var storage: [Element] = []
    private var head = 0

    package init() {}

    package var count: Int { storage.count - head }
    package var isEmpty: Bool { storage.count == head }
    package var first: Element? { isEmpty ? nil : storage[head] }

    /// - Parameter position: Counted from the front, less than ``count``.
    package subscript(position: Int) -> Element {
        _read { yield storage[head + position] }
        _modify { yield &storage[head + position] }
    }

    package mutating func append(_ element: Element) {
        storage.append(element)
    }

    package mutating func popFirst() -> Element? {
        guard head < storage.count else { return nil }
        let element = storage[head]
        head += 1
        if head == storage.count {
            removeAll()
        } else if head >= Self.compaction, head * 2 >= storage.count {
            storage.removeSubrange(0..<head)
            head = 0
        }
        return element
    }

    package mutating func removeAll() {
        storage.removeAll(keepingCapacity: storage.capacity <= Self.compaction * 4)
        head = 0
    }

    package mutating func removeAll(where isRemoved: (Element) -> Bool) {
        storage.removeSubrange(0..<head)
        head = 0
        storage.removeAll(where: isRemoved)
    }

    /// Elements removed before the memory they took is given back.
    private static var compaction: Int { 32 }
}

extension Fifo: Sendable where Element: Sendable {}
