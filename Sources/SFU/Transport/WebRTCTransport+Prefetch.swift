internal import CPrefetch
internal import WebRTC

// With hundreds of viewers nothing of a viewer is in the processor's cache when its turn comes, and what is read
// first tells where to read next. So memory is asked for some turns ahead, step by step from one to the next.

extension WebRTCTransport {
    /// Asks for what the transports from `index` on will read: the nearer the turn, the more lies behind what is
    /// asked for.
    static func prefetch(from index: Int, of transports: [WebRTCTransport]) {
        prefetchObject(index + 3, of: transports, bytes: hotSize)
        if index + 2 < transports.count { transports[index + 2].prefetchArrays() }
        if index + 1 < transports.count { transports[index + 1].prefetchConsumers() }
        for consumer in transports[index].consumers { consumer.rewriter.prefetch() }
    }

    private func prefetchArrays() {
        prefetchElements(of: consumers)
        congestion.prefetchArray()
        sender?.prefetch()
    }

    private func prefetchConsumers() {
        for index in consumers.indices { prefetchObject(index, of: consumers, bytes: Consumer.size) }
        congestion.prefetch()
    }

    /// Bytes from the object's beginning to the end of what forwarding reads.
    private static var hotSize: Int { 896 }
}

extension Consumer {
    /// Bytes; a little too much does no harm.
    fileprivate static var size: Int { 1_272 }
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
private func prefetchElements<Element>(of array: [Element]) {
    unsafe CPrefetch_lines(unsafe unsafeBitCast(array, to: UnsafeRawPointer.self), 64)
}
