/// Keys that everybody knows, of the standards' examples.
enum KnownKeys {
    /// RFC 7515 appendix A.1.
    static let secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"

    /// RFC 7515 appendix A.3.
    static let p256Point =
        #""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#
    static let p256 = #"{"kty":"EC","crv":"P-256",\#(p256Point)}"#
    static let p256Private =
        #"{"kty":"EC","crv":"P-256",\#(p256Point),"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#
    static let p256PEM = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
        6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
        -----END PUBLIC KEY-----

        """
    /// As `openssl ecparam -genkey` writes it.
    static let p256PrivatePEM = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49
        AwEHoUQDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b
        focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
        -----END EC PRIVATE KEY-----

        """

    /// RFC 8037 appendices A.1 and A.2.
    static let ed25519 = #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    static let ed25519Private =
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#
    static let ed25519PEM = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----

        """
    static let ed25519PrivatePEM = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----

        """

    /// Of no kind that is taken: P-384, an Ed25519 key with a passphrase, and a certificate.
    static let p384PEM = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE9b5NVLYnGnZexK8fzGXK24gvgG0BzVbH
        wHNjt/KmovacCxIfD1evp2fyyuQw074ZYw/9gnFWHi39Zkt1tiKEhGO4XtLZQ6sH
        bm+E7d3k1JxPQYUaPdcYWeltDjdIrIO5
        -----END PUBLIC KEY-----

        """
    static let encryptedPEM = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiZ8hCmQYhFpgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELv4Sqj5FFDvfU/kgXKPeRoEQP8T
        pMN7oNYdAgUVwyRcrcGnWgfyfozBoeFQ40mKWmDxzDO8zG/2ovbjje7NfQbqVF39
        8RQT1KQpQu45ulL8Cbc=
        -----END ENCRYPTED PRIVATE KEY-----

        """
    static let certificatePEM = """
        -----BEGIN CERTIFICATE-----
        MIIBLDCB36ADAgECAhRvqeQ9StKGzeAl1ECOir2TPa+8ITAFBgMrZXAwDDEKMAgG
        A1UEAwwBYTAeFw0yNjExMjgyMDAxNTZaFw0yNjExMjkyMDAxNTZaMAwxCjAIBgNV
        BAMMAWEwKjAFBgMrZXADIQDXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdR
        GqNTMFEwHQYDVR0OBBYEFFsnqlWJF5dw5HV1sWKh3tl7i/xtMB8GA1UdIwQYMBaA
        FFsnqlWJF5dw5HV1sWKh3tl7i/xtMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA
        S72w9puISaeMggB2F6OADSzW5IZHUoc5rGukNlOrV2BRb+bQdz6JtaEc/KG4Qbru
        ApA8YaRntIfvxOGq0eC5CA==
        -----END CERTIFICATE-----

        """

    /// What lies between the lines of a PEM block with a dash.
    static func base64(of pem: String) -> String {
        pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    }
}
