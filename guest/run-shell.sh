# SPDX-License-Identifier: GPL-2.0-only
# A shell on the console; leaving it ends the guest.
echo "Linux $(uname -r); 'exit' ends the guest"
setsid cttyhack sh
