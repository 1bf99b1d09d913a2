internal import CPrefetch
internal import WebRTC

// With hundreds of viewers nothing of a viewer is in the processor's cache when its turn comes, and what is read
// first tells where to read next. So memory is asked for some turns ahead, step by step from one to the next.

extension Egress {
    /// Asks for what those from `index` on will read: the nearer the turn, the more lies behind what is asked
    /// for.
    static func prefetch(from index: Int, of egresses: [Egress]) {
        prefetchObject(index + 3, of: egresses, bytes: hotSize)
        if index + 2 < egresses.count { egresses[index + 2].prefetchArrays() }
        if index + 1 < egresses.count { egresses[index + 1].prefetchConsumers() }
        egresses[index].prefetchRewriters()
    }

    private func prefetchArrays() {
        turns.prefetch()
        congestion.prefetchArray()
        sender.prefetch()
    }

    private func prefetchConsumers() {
        var place = 0
        while let next = turns.next(from: place) {
            unsafe CPrefetch_lines(turns[next].toOpaque(), Consumer.objectSize)
            place = next + 1
        }
        if place > 0 { congestion.prefetch() }
    }

    private func prefetchRewriters() {
        var place = 0
        while let next = turns.next(from: place) {
            // Nobody removes it meanwhile.
            unsafe turns[next]._withUnsafeGuaranteedRef { $0.prefetch() }
            place = next + 1
        }
    }

    /// Bytes; a test compares it with the object.
    package static let objectSize = 1_432
    /// Of these, from the beginning to the end of what forwarding reads; a test compares it with ``hotEnd``.
    package static let hotSize = 600
}

extension Consumer {
    /// Bytes; a test compares it with the object.
    package static let objectSize = 1_336
}

/// Asks for an object without looking at it, as a reference to it would: counting references reads it.
private func prefetchObject<Object: AnyObject>(_ index: Int, of objects: [Object], bytes: Int) {
    guard index < objects.count else { return }
    unsafe objects.withUnsafeBytes { references in
        let offset = index * MemoryLayout<Object>.stride
        let object = unsafe references.load(fromByteOffset: offset, as: UnsafeRawPointer.self)
        unsafe CPrefetch_lines(object, bytes)
    }
}

/// Asks for an array's count and its first elements.
func prefetchElements<Element>(of array: [Element]) {
    unsafe CPrefetch_lines(unsafe unsafeBitCast(array, to: UnsafeRawPointer.self), 64)
}
