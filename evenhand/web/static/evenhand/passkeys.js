// Shows the button for passkeys only where the browser knows them: without this script it stays hidden.
if (window.PublicKeyCredential) document.getElementById("with-passkey").hidden = false;
